// Makes plotly.min.js: of Plotly only what the charts use, for browsers of today. In an empty folder:
//   npm install --ignore-scripts plotly.js@4.1.1 esbuild@0.28.2 && node …/build.cjs
// The version is the one that the Python package was made for; a test compares them.

const modules = `${process.cwd()}/node_modules`
const { version } = require(`${modules}/plotly.js/package.json`)

const noMaps = {
  name: "no styles of maps",
  setup: (build) => build.onLoad({ filter: /maplibre-gl\.css$/ }, () => ({ contents: "", loader: "text" })),
}

require(`${modules}/esbuild`).build({
  stdin: {
    contents: `
      module.exports = require("plotly.js/lib/core")
      module.exports.register([require("plotly.js/lib/bar"), require("plotly.js/lib/heatmap")])`,
    resolveDir: process.cwd(),
  },
  outfile: `${__dirname}/plotly.min.js`,
  banner: { js: `/* plotly.js v${version} (scatter, bar, heatmap), © 2012-2026 Plotly, Inc., MIT license */` },
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "Plotly",
  target: "es2022",
  define: { global: "window", "define.amd": "false", "process.env.NODE_DEBUG": "false" },
  alias: { stream: "stream-browserify" },
  legalComments: "eof",
  plugins: [noMaps],
})
