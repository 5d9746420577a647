// Draws a Plotly figure, and on every later call changes the one that stands there: no flicker, and zoom stays
// (as long as layout.uirevision is the same). Streamlit's own st.plotly_chart makes a new chart for new data.

const THEME = { font: "--st-font", text: "--st-text-color", line: "--st-border-color", back: "--st-background-color" }
const BUTTONS_LEFT_OUT = ["lasso2d", "select2d", "sendDataToCloud", "sendChartToCloud", "autoScale2d"]

// Running it takes a fifth of a second: where the page is about other things than charts, they come first.
function whenFree(url) {
  if (window.Plotly || document.querySelector(`link[rel=preload][href$="${url}"]`)) return Promise.resolve()
  return new Promise((resolve) =>
    window.requestIdleCallback ? requestIdleCallback(resolve, { timeout: 1000 }) : setTimeout(resolve, 100),
  )
}

function plotly(url) {
  window.traindeckPlotly ??= loaded(url, 3).catch((error) => {
    window.traindeckPlotly = undefined
    throw error
  })
  return window.traindeckPlotly
}

// A server that was away for a moment is asked again.
function loaded(url, attempts) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = url
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => {
      if (attempts > 1) setTimeout(() => resolve(loaded(url, attempts - 1)), 1000)
      else reject(new Error("The chart library could not be loaded. Load the page again."))
    }
    document.head.append(script)
  })
}

function themed(layout, element) {
  const style = getComputedStyle(element)
  const read = (name) => style.getPropertyValue(name).trim()
  const axis = { gridcolor: read(THEME.line), zeroline: false, linecolor: read(THEME.line), color: read(THEME.text) }
  return {
    ...layout,
    font: { family: read(THEME.font), color: read(THEME.text), size: 12, ...layout.font },
    xaxis: { ...axis, showgrid: false, ...layout.xaxis },
    yaxis: { ...axis, ...layout.yaxis },
    hoverlabel: {
      bgcolor: read(THEME.back),
      bordercolor: read(THEME.line),
      font: { color: read(THEME.text) },
      ...layout.hoverlabel,
    },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: read(THEME.line), activecolor: read(THEME.text) },
  }
}

// What is told of a click: where it was, in the axes' units, and what the figure keeps with the point.
function listen(host) {
  host.removeAllListeners("plotly_click")
  if (!host.clicked) return
  host.on("plotly_click", ({ points: [{ x, y, customdata }] }) => host.clicked({ x, y, customdata }))
  for (const layer of host.querySelectorAll(".nsewdrag")) layer.style.cursor = "pointer"
}

// What Plotly draws goes on after its call; a chart that is taken away in between would fail there.
function drawingOf(host, promise) {
  host.drawing = Promise.allSettled([host.drawing, promise]).then(() => undefined)
}

// One chart after the other: the first is painted before the next is drawn. A page that is not seen is not painted.
function inTurn(Plotly) {
  const painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => setTimeout(resolve))
      setTimeout(resolve, 200)
    })
  const turn = window.traindeckTurn ?? Promise.resolve()
  window.traindeckTurn = turn.then(painted)
  return turn.then(() => Plotly)
}

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".chart")
  const call = (host.call = (host.call ?? 0) + 1)
  host.dataset.state ??= "waiting"
  const figure = JSON.parse(data.figure)
  host.style.height = `${figure.layout.height}px`
  host.setAttribute("role", "figure")
  host.setAttribute("aria-label", data.alt)
  if (host.closest("[overflow=auto]")) host.tabIndex = 0 // so that the keyboard can scroll its container
  host.clicked = data.clickable ? (point) => setTriggerValue("clicked", point) : undefined
  follow(host, data.live, () => setTriggerValue("rewritten", true))
  const isOver = () => call !== host.call || !host.isConnected

  // Also what fails at once comes as a rejected promise.
  async function draw(Plotly) {
    const back = getComputedStyle(parentElement).getPropertyValue(THEME.back).trim()
    brushed(host, figure, data.kept, setTriggerValue, back)
    const layout = themed({ ...figure.layout, autosize: true }, parentElement)
    const wanted = data.figure + JSON.stringify(layout)
    if (host.drawn === wanted) return // nothing is new: the page asked again, or another part of it changed
    host.drawn = wanted
    host.dataset.state = "drawing"
    const displayModeBar = layout.dragmode === false ? false : "hover" // what cannot be dragged has no zoom to set
    const config = { displaylogo: false, displayModeBar, modeBarButtonsToRemove: BUTTONS_LEFT_OUT, responsive: true }
    await Plotly.react(host, figure.data, layout, config)
    listen(host)
    brushable(host)
    host.dataset.state = "drawn"
    if (host.observer) return
    host.observer = new ResizeObserver(() => host.offsetWidth && drawingOf(host, Plotly.Plots.resize(host)))
    host.observer.observe(host)
  }

  function drawnIn(Plotly, attempts) {
    if (isOver()) return
    const drawn = draw(Plotly).catch((error) => {
      host.drawn = undefined // the next call tries again, too
      host.dataset.state = `failed: ${error}`
      if (attempts > 1) setTimeout(() => drawnIn(Plotly, attempts - 1), 500)
    })
    drawingOf(host, drawn)
  }

  const ready = whenFree(data.library)
    .then(() => plotly(data.library))
    .then(inTurn)
  ready.then(
    (Plotly) => drawnIn(Plotly, 3),
    (error) => {
      host.textContent = error.message
    },
  )
  // Streamlit asks for this also where a later call draws the same chart, perhaps after that call; then it stays.
  return () => {
    if (host.isConnected) return
    host.observer?.disconnect()
    live.hosts.delete(host)
    ready
      .then(async (Plotly) => {
        for (let last; last !== host.drawing; ) await (last = host.drawing)
        if (!host.isConnected) Plotly.purge(host)
      })
      .catch(() => undefined) // the library never came, which the chart's place says
  }
}
