// MLflow's client prints addresses of MLflow's own pages, `/#/experiments/3/runs/…`. No server hears what stands behind
// the #, so the page leads from there to ours.

const ours = async (route) => {
  const [first, name, second, last] = route.split(/[?#]/)[0].split("/").filter(Boolean).map(decodeURIComponent)
  const to = (page, values = {}) => new URL(`${page}?${new URLSearchParams(values)}`.replace(/\?$/, ""), document.baseURI).href
  if (first === "models") return to("models", { ...(name && { model: name }), ...(second === "versions" && last && { version: last }) })
  if (first === "runs" && name) return to("run", { id: name })
  if (first !== "experiments") return null
  if (second === "runs" && last) return to("run", { id: last })
  if (!name) return to("experiments")
  if (name === "0") return to("runs", { experiment: "default" }) // MLflow calls it Default
  const asked = new URL(`api/2.0/mlflow/experiments/get?experiment_id=${encodeURIComponent(name)}`, document.baseURI)
  const answer = await fetch(asked)
  return to("runs", answer.ok ? { experiment: (await answer.json()).experiment.name } : {})
}

const lead = async () => {
  if (!location.hash.startsWith("#/") || location.pathname !== new URL(".", document.baseURI).pathname) return
  const address = await ours(location.hash.slice(2)).catch(() => null) // no such address, or the server is away
  if (address) location.replace(address)
}

addEventListener("hashchange", lead)
lead()
