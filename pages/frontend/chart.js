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
  window.traindeckPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = url
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => {
      window.traindeckPlotly = undefined
      reject(new Error("The chart library could not be loaded"))
    }
    document.head.append(script)
  })
  return window.traindeckPlotly
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
  const figure = JSON.parse(data.figure)
  host.style.height = `${figure.layout.height}px`
  host.setAttribute("role", "figure")
  host.setAttribute("aria-label", data.alt)
  if (host.closest("[overflow=auto]")) host.tabIndex = 0 // so that the keyboard can scroll its container
  host.clicked = data.clickable ? (point) => setTriggerValue("clicked", point) : undefined
  follow(host, data.live, () => setTriggerValue("rewritten", true))
  const drawing = whenFree(data.library)
    .then(() => plotly(data.library))
    .then(inTurn)
  drawing.then(
    (Plotly) => {
      brushed(host, figure, data.kept, setTriggerValue, getComputedStyle(parentElement).getPropertyValue(THEME.back).trim())
      const layout = themed({ ...figure.layout, autosize: true }, parentElement)
      const wanted = data.figure + JSON.stringify(layout)
      if (host.drawn === wanted) return // nothing is new: the page asked again, or another part of it changed
      host.drawn = wanted
      const displayModeBar = layout.dragmode === false ? false : "hover" // what cannot be dragged has no zoom to set
      const config = { displaylogo: false, displayModeBar, modeBarButtonsToRemove: BUTTONS_LEFT_OUT, responsive: true }
      Plotly.react(host, figure.data, layout, config).then(() => {
        listen(host)
        brushable(host)
      })
      if (!host.observer) {
        host.observer = new ResizeObserver(() => host.offsetWidth && Plotly.Plots.resize(host))
        host.observer.observe(host)
      }
    },
    (error) => {
      host.textContent = error.message
    },
  )
  return () => {
    host.observer?.disconnect()
    host.drawn = undefined
    live.hosts.delete(host)
    drawing.then((Plotly) => Plotly.purge(host))
  }
}
