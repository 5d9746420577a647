// Parallel coordinates that can be brushed, and whose axes can be moved: the figure's meta says what its axes are.
// A drag along an axis keeps the lines that run through it there; a click on the axis lets go. A drag on a title moves
// the axis. Ranges are kept in the axis's own values, so that they stay where they mean when a chart is drawn anew.

const NEAR = 14 // pixels beside an axis that are taken for it
const LEAST = 4 // pixels of a drag; less is a click
const FADED = 0.08

const packed = (axis, share) => (share < 0 ? { below: share } : { at: axis.low + share * axis.span })
const unpacked = (axis, { below, at }) => below ?? (at - axis.low) / axis.span

// Before a figure is drawn: the lines outside of the brushes are faint in it.
// `told` is what the page took to be kept, maybe since a visit whose brushes are gone.
function brushed(host, figure, told, tell, back) {
  const meta = figure.layout.meta?.parallel
  host.axes = meta
  if (!meta) return
  for (const label of figure.layout.annotations) label.bgcolor = /^#[0-9a-f]{6}$/i.test(back) ? `${back}b3` : undefined
  host.brushes ??= new Map()
  host.tellBrush = tell
  host.told ??= JSON.stringify(told)
  for (const [key, brush] of host.brushes) {
    const axis = meta.axes.find((each) => each.key === key)
    if (!axis || axis.kind !== brush.kind) host.brushes.delete(key)
  }
  const kept = keptOf(host, figure.data)
  figure.data.forEach((line, place) => (line.opacity = kept[place] ? 1 : FADED))
}

function rangeOf(host, axis) {
  const brush = host.brushes.get(axis.key)
  return brush && [unpacked(axis, brush.from), unpacked(axis, brush.to)]
}

function keptOf(host, lines) {
  const ranges = host.axes.axes.map((axis) => rangeOf(host, axis))
  return lines.map(({ y }) => ranges.every((range, place) => !range || (y[place] >= range[0] && y[place] <= range[1])))
}

// After it was drawn, for the first time or again.
function brushable(host) {
  if (!host.axes) return
  if (!host.layer) {
    host.style.position = "relative"
    host.layer = document.createElement("div")
    Object.assign(host.layer.style, { position: "absolute", inset: 0, pointerEvents: "none", zIndex: 1 })
    host.addEventListener("pointerdown", (event) => grasped(host, event), true)
    host.addEventListener("pointermove", (event) => pointed(host, event), true)
    host.addEventListener("dblclick", () => host.axes && host.brushes.size && (host.brushes.clear(), settle(host)), true)
  }
  host.append(host.layer)
  host.removeAllListeners("plotly_afterplot")
  host.on("plotly_afterplot", () => outline(host))
  outline(host)
  retell(host)
}

// Where things are, in pixels of the host.
function places(host) {
  const { xaxis, yaxis } = host._fullLayout
  return {
    x: (place) => xaxis._offset + xaxis.l2p(place),
    y: (share) => yaxis._offset + yaxis.l2p(share),
    share: (y) => yaxis.p2l(Math.min(Math.max(y - yaxis._offset, 0), yaxis._length)),
    place: (x) => xaxis.p2l(x - xaxis._offset),
    bottom: yaxis._offset + yaxis._length,
    top: yaxis._offset,
  }
}

function outline(host) {
  if (!host.axes || !host._fullLayout?.yaxis?.l2p) return
  const at = places(host)
  const boxes = host.axes.axes.flatMap((axis, place) => {
    const range = rangeOf(host, axis)
    return range ? [[at.x(place), at.y(range[1]), at.y(range[0])]] : []
  })
  host.layer.replaceChildren(...boxes.map(([x, top, bottom]) => strip(x, top, bottom)))
}

function strip(x, top, bottom) {
  const element = document.createElement("div")
  element.className = "brush"
  const size = { left: `${x - 7}px`, top: `${top}px`, width: "14px", height: `${Math.max(bottom - top, 2)}px` }
  const looks = { background: "rgba(128, 140, 146, 0.35)", border: "1px solid rgba(128, 140, 146, 0.9)", borderRadius: "3px" }
  Object.assign(element.style, { position: "absolute", boxSizing: "border-box", ...size, ...looks })
  return element
}

// The axis at a point, and whether it is its line or its title that is there.
function target(host, event) {
  if (!host.axes || !host._fullLayout?.xaxis?.l2p) return undefined
  const bounds = host.getBoundingClientRect()
  const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top]
  const at = places(host)
  const place = Math.round(at.place(x))
  const many = host.axes.axes.length
  if (place < 0 || place >= many) return undefined
  if (y > at.bottom) return place < many - 1 && many > 2 ? { kind: "title", place, x, y } : undefined // the result stays last
  return y >= at.top - 4 && Math.abs(x - at.x(place)) <= NEAR ? { kind: "line", place, x, y } : undefined
}

function pointed(host, event) {
  if (!host.axes || host.grasped) return
  const found = target(host, event)
  const cursor = found ? { line: "ns-resize", title: "grab" }[found.kind] : ""
  host.style.cursor = cursor
  for (const layer of host.querySelectorAll(".nsewdrag, .drag")) layer.style.cursor = cursor
}

function grasped(host, event) {
  const found = event.button === 0 && target(host, event)
  if (!found) return
  event.preventDefault()
  event.stopPropagation()
  host.grasped = true
  host.setPointerCapture(event.pointerId)
  const end = found.kind === "line" ? brushing(host, found) : moving(host, found)
  const follow = (moved) => end.follow(moved.clientY - event.clientY, moved.clientX - event.clientX)
  const stop = (stopped) => {
    host.removeEventListener("pointermove", follow)
    host.removeEventListener("pointerup", stop)
    host.removeEventListener("pointercancel", stop)
    host.grasped = false
    end.stop(stopped.clientY - event.clientY, stopped.clientX - event.clientX)
  }
  host.addEventListener("pointermove", follow)
  host.addEventListener("pointerup", stop)
  host.addEventListener("pointercancel", stop)
}

// A new range, or the one there is moved along.
function brushing(host, { place, y }) {
  const axis = host.axes.axes[place]
  const at = places(host)
  const before = rangeOf(host, axis)
  const held = before && at.share(y) > before[0] && at.share(y) < before[1]
  const range = (down) => {
    if (!held) return [at.share(y), at.share(y + down)].sort((one, other) => one - other)
    const by = at.share(at.y(before[0]) + down) - before[0]
    return [before[0] + by, before[1] + by]
  }
  const set = (down) => {
    const [from, to] = range(down)
    host.brushes.set(axis.key, { kind: axis.kind, from: packed(axis, from), to: packed(axis, to) })
    outline(host)
  }
  return {
    follow: (down) => Math.abs(down) >= LEAST && set(down),
    stop: (down) => {
      if (Math.abs(down) >= LEAST) set(down)
      else host.brushes.delete(axis.key)
      settle(host)
    },
  }
}

function moving(host, { place, x }) {
  const at = places(host)
  const many = host.axes.axes.length - 1
  const target = (aside) => Math.min(Math.max(Math.round(at.place(x + aside)), 0), many - 1)
  const mark = strip(at.x(place), at.top, at.bottom)
  return {
    follow: (_, aside) => {
      mark.style.left = `${at.x(target(aside)) - 7}px`
      mark.style.borderStyle = "dashed"
      host.layer.append(mark)
    },
    stop: (_, aside) => {
      mark.remove()
      const keys = host.axes.axes.slice(0, many).map((axis) => axis.key)
      const to = target(aside)
      if (to === place) return
      keys.splice(to, 0, ...keys.splice(place, 1))
      host.tellBrush("reordered", keys)
    },
  }
}

function settle(host) {
  const kept = keptOf(host, host.data)
  drawingOf(host, window.Plotly.restyle(host, { opacity: kept.map((each) => (each ? 1 : FADED)) }))
  outline(host)
  retell(host)
}

function retell(host) {
  const kept = keptOf(host, host.data)
  const ids = host.brushes.size ? host.axes.ids.filter((_, place) => kept[place]) : null
  const told = JSON.stringify(ids)
  if (told === host.told) return
  host.told = told
  host.tellBrush("kept", { ids })
}
