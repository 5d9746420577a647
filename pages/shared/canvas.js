// A square to draw on with mouse, pen or finger: white on black, as the data sets of digits are. After every stroke the
// picture goes to the page as a PNG data URL, "" when nothing is drawn.

const PEN = { lineCap: "round", lineJoin: "round", strokeStyle: "#fff", fillStyle: "#fff" }

function paint(canvas, strokes, picture) {
  const context = canvas.getContext("2d")
  context.fillStyle = "#000"
  context.fillRect(0, 0, canvas.width, canvas.height)
  if (picture) context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  for (const { width, points } of strokes) {
    Object.assign(context, PEN, { lineWidth: width })
    context.beginPath()
    context.moveTo(...points[0])
    // A line to where it already is makes a dot.
    for (const point of points) context.lineTo(...point)
    context.stroke()
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".canvas")
  const canvas = host.querySelector("canvas")
  const [undo, clear] = host.querySelectorAll("button")
  const pen = host.querySelector("input")

  if (!host.strokes) {
    // Drawn for the first time, or again after it was away: what had been drawn before is the ground.
    host.strokes = []
    canvas.width = data.width
    canvas.height = data.height
    canvas.setAttribute("aria-label", data.label)
    paint(canvas, [])
    if (data.drawing) {
      const picture = new Image()
      picture.onload = () => {
        host.ground = picture
        paint(canvas, host.strokes, picture)
      }
      picture.src = data.drawing
    }
  }

  const tell = () => {
    const empty = !host.strokes.length && !host.ground
    setStateValue("drawing", empty ? "" : canvas.toDataURL("image/png"))
  }
  const place = (event) => {
    const box = canvas.getBoundingClientRect()
    return [
      ((event.clientX - box.left) * canvas.width) / box.width,
      ((event.clientY - box.top) * canvas.height) / box.height,
    ]
  }

  canvas.onpointerdown = (event) => {
    if (event.button) return
    event.preventDefault()
    canvas.setPointerCapture(event.pointerId)
    host.stroke = { width: Number(pen.value), points: [place(event)] }
    host.strokes.push(host.stroke)
    paint(canvas, host.strokes, host.ground)
  }
  canvas.onpointermove = (event) => {
    if (!host.stroke) return
    host.stroke.points.push(place(event))
    paint(canvas, host.strokes, host.ground)
  }
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!host.stroke) return
    host.stroke = undefined
    tell()
  }
  undo.onclick = () => {
    if (!host.strokes.pop()) host.ground = undefined
    paint(canvas, host.strokes, host.ground)
    tell()
  }
  clear.onclick = () => {
    host.strokes = []
    host.ground = undefined
    paint(canvas, [])
    tell()
  }
}
