// Draws the charts of an exported report, in the reader's scheme; light on paper.
const dark = matchMedia("(prefers-color-scheme: dark)")
const figures = new Map([...document.querySelectorAll(".chart")].map((host) => [host, JSON.parse(host.firstElementChild.textContent)]))

function themed(layout, isDark) {
  const [ink, line, back] = isDark ? ["#e4eaec", "#2d383d", "#12181b"] : ["#1c2528", "#dfe4e6", "#ffffff"]
  const axis = { gridcolor: line, zeroline: false, linecolor: line, color: ink }
  return {
    ...layout,
    autosize: true,
    font: { family: getComputedStyle(document.body).fontFamily, color: ink, size: 12, ...layout.font },
    xaxis: { ...axis, showgrid: false, ...layout.xaxis },
    yaxis: { ...axis, ...layout.yaxis },
    hoverlabel: { bgcolor: back, bordercolor: line, font: { color: ink }, ...layout.hoverlabel },
  }
}

function draw(isDark) {
  for (const [host, figure] of figures) {
    host.style.height = `${figure.layout.height}px`
    Plotly.react(host, figure.data, themed(figure.layout, isDark), { displayModeBar: false, responsive: true })
  }
}

draw(dark.matches)
dark.addEventListener("change", () => draw(dark.matches))
addEventListener("beforeprint", () => draw(false))
addEventListener("afterprint", () => draw(dark.matches))
document.documentElement.dataset.drawn = "yes"
