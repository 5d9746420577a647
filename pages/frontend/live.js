// Charts of runs at work ask what their curves have gained: one question a second for all that can be seen.
// What they get are the points past those they have; the zoom stays, and Streamlit's script does not run.

const BEAT = 1000 // milliseconds
const MOST = 2000 // points of a line; then it is thinned to about half as many
const MOST_LINES = 1000 // in one question
const live = (window.traindeckLive ??= { hosts: new Set() })

// `curves` in the order of the figure's lines: run, metric, step, count and sequence that are drawn, and how x is made.
function follow(host, curves, redraw) {
  host.curves = curves.map((curve) => ({ ...curve }))
  host.redraw = redraw
  if (curves.length) live.hosts.add(host)
  else live.hosts.delete(host)
  live.timer ??= setTimeout(beat, BEAT)
}

async function beat() {
  try {
    await ask([...live.hosts].filter((host) => host.layout && host.checkVisibility()))
  } catch {
    // The server is away; the next beat asks again.
  }
  live.timer = live.hosts.size ? setTimeout(beat, BEAT) : undefined
}

// As many charts at a time as the server answers for: a thousand lines.
async function ask(hosts) {
  const few = []
  let lines = 0
  while (hosts.length && (!few.length || lines + hosts[0].curves.length <= MOST_LINES)) {
    lines += hosts[0].curves.length
    few.push(hosts.shift())
  }
  await answered(few)
  if (hosts.length) await ask(hosts)
}

async function answered(hosts) {
  if (!hosts.length || document.hidden) return
  const asked = hosts.map((host) => host.curves)
  const cursors = asked.flat().map((curve) => [curve.run, curve.metric, curve.step, curve.count, curve.sequence])
  const headers = { "Content-Type": "application/json" }
  const answer = await fetch("api/growth", { method: "POST", headers, body: JSON.stringify(cursors) })
  if (!answer.ok) return
  const grown = await answer.json()
  hosts.forEach((host, number) => {
    const gained = grown.splice(0, asked[number].length)
    if (host.curves === asked[number]) extend(host, gained) // else it was drawn anew in the meantime
  })
}

function extend(host, gained) {
  if (gained.some((each) => each?.rewritten)) return host.redraw()
  const update = { x: [], y: [], mode: [] }
  const places = [...gained.keys()].filter((place) => gained[place])
  for (const place of places) {
    const [curve, { x, value, step, count, sequence }] = [host.curves[place], gained[place]]
    const drawn = host._fullData[place]
    const line = { x: Array.from(drawn.x), y: Array.from(drawn.y) }
    const last = line.x.at(-1) ?? -Infinity
    // The first answer after a drawing may have what was drawn: the curve was read a little later than its end was.
    const known = curve.exact ? new Set() : new Set(line.y.filter((_, number) => line.x[number] === last))
    x[curve.by].forEach((at, number) => {
      const along = at / curve.scale
      const isNew = along > last || (along === last && !known.has(value[number]))
      if (isNew) line.x.push(along), line.y.push(value[number])
    })
    // Where the first value comes that a log axis has no place for, the page says so.
    const below = (values) => values.some((each) => each <= 0)
    if (host.layout.yaxis?.type === "log" && !below(Array.from(drawn.y)) && below(value)) return host.redraw()
    const { x: kept, y } = line.x.length > MOST ? thinned(line) : line
    update.x.push(kept)
    update.y.push(y)
    update.mode.push("lines")
    Object.assign(curve, { step, count, sequence, exact: true })
  }
  if (places.length) drawingOf(host, window.Plotly.restyle(host, update, places))
}

// The lowest and the highest point, and a gap, of every piece of the axis: extremes stay, however often it is done.
function thinned({ x, y }) {
  const width = (x.at(-1) - x[0]) / (MOST / 4) || 1
  const pieces = new Map()
  x.forEach((at, place) => {
    const piece = Math.floor((at - x[0]) / width)
    const found = pieces.get(piece) ?? {}
    pieces.set(piece, found)
    if (!Number.isFinite(y[place])) found.gap ??= place
    else {
      if (!(y[place] >= y[found.low])) found.low = place
      if (!(y[place] <= y[found.high])) found.high = place
    }
  })
  const kept = new Set([0, x.length - 1])
  for (const { low, high, gap } of pieces.values()) [low, high, gap].forEach((place) => kept.add(place))
  kept.delete(undefined)
  const places = [...kept].sort((one, other) => one - other)
  return { x: places.map((place) => x[place]), y: places.map((place) => y[place]) }
}
