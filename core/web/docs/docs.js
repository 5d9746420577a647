"use strict";
// Draws v1/openapi.json: each call with what it takes, what it answers, and a line for the shell.

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((each) => each !== null));
  return made;
}

function drawn(api) {
  const named = (schema) => schema?.$ref?.split("/").pop() ?? "";
  const found = (schema) => (schema?.$ref ? api.components.schemas[named(schema)] ?? {} : schema ?? {});

  // A type in words: "text or null", "list of Run".
  function kind(schema) {
    if (!schema || !Object.keys(schema).length) return "any";
    if (schema.$ref) return found(schema).enum ? found(schema).enum.map((each) => JSON.stringify(each)).join(" | ") : named(schema);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
    const options = schema.anyOf ?? schema.oneOf;
    if (options) return options.map(kind).join(" or ");
    if (schema.type === "array") return `list of ${kind(schema.items)}`;
    if (schema.type === "object" && typeof schema.additionalProperties === "object") return `map of ${kind(schema.additionalProperties)}`;
    const words = { string: "text", integer: "whole number", number: "number", boolean: "true or false", object: "object" };
    return words[schema.type] ?? schema.type ?? "any";
  }

  const bounds = (schema) => [
    schema.default !== undefined && schema.default !== null ? `default ${JSON.stringify(schema.default)}` : "",
    schema.minimum !== undefined ? `from ${schema.minimum}` : "",
    schema.maximum !== undefined ? `to ${schema.maximum}` : "",
  ].filter(Boolean).join(", ");

  function fields(rows) {
    return element("dl", {}, ...rows.flatMap(([name, needed, schema, description]) => [
      element("dt", {}, element("code", {}, name), needed ? " *" : ""),
      element("dd", {}, element("span", { class: "kind" }, [kind(schema), bounds(schema)].filter(Boolean).join("; ")), description ? `  ${description}` : ""),
    ]));
  }

  const shape = (schema) => fields(Object.entries(schema.properties ?? {}).map(([name, each]) =>
    [name, schema.required?.includes(name), each, each.description]));

  // An object and the ones within it, each once.
  function shapes(schema, seen = new Set()) {
    const parts = [];
    const look = (each) => {
      if (!each || typeof each !== "object") return;
      if (each.$ref && !seen.has(named(each))) {
        seen.add(named(each));
        const inner = found(each);
        if (inner.properties) {
          parts.push(element("h3", {}, named(each)));
          if (inner.description) parts.push(element("p", {}, inner.description));
          parts.push(shape(inner));
          Object.values(inner.properties).forEach(look);
        }
      }
      [each.items, each.additionalProperties, ...(each.anyOf ?? [])].forEach(look);
    };
    look(schema);
    return parts;
  }

  function line(method, path, operation) {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => name.toUpperCase());
    const json = operation.requestBody?.content?.["application/json"]?.schema;
    const example = found(json).examples?.[0] ?? (json ? {} : null);
    const bytes = operation.requestBody && !json ? " --data-binary @FILE" : "";
    const verb = method === "get" ? "" : ` -X ${method.toUpperCase()}`;
    const sent = example === null ? bytes : ` -H 'content-type: application/json' -d '${JSON.stringify(example)}'`;
    return `curl${verb}${sent} '${new URL(`v1${filled}`, location.href)}'`;
  }

  function call(method, path, operation) {
    const inside = element("div");
    const rest = operation.description?.split("\n\n") ?? [];
    inside.append(...rest.map((each) => element("p", {}, each)), element("pre", {}, element("code", {}, line(method, path, operation))));
    const parameters = operation.parameters ?? [];
    if (parameters.length) {
      inside.append(element("h3", {}, "Takes"), fields(parameters.map((each) =>
        [`${each.name}${each.in === "header" ? " (header)" : ""}`, each.required, each.schema ?? {}, each.description ?? each.schema?.description])));
    }
    const body = operation.requestBody?.content ?? {};
    for (const [type, { schema }] of Object.entries(body)) {
      inside.append(element("h3", {}, `Body: ${type}`), ...shapes(schema));
    }
    for (const [status, answer] of Object.entries(operation.responses ?? {})) {
      const [type, { schema } = {}] = Object.entries(answer.content ?? {})[0] ?? [];
      if (/^[45]/.test(status)) continue;
      inside.append(element("h3", {}, `Answer ${status}${type ? `: ${type}` : ""}`), ...shapes(schema));
    }
    const told = (operation.summary ?? "") && (rest[0] ?? operation.summary).split(/(?<=[.;])\s/)[0].replace(/;$/, ".");
    const head = element("summary", {}, element("span", { class: `method ${method.toUpperCase()}` }, method.toUpperCase()),
      element("code", { class: "path" }, path), element("span", { class: "what" }, told));
    const made = element("details", { id: operation.operationId }, head, inside);
    made.dataset.text = `${method} ${path} ${operation.summary} ${operation.description} ${parameters.map((each) => each.name).join(" ")}`.toLowerCase();
    return made;
  }

  const groups = new Map();
  for (const [path, operations] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((each) => operations[each])) {
      const tag = operations[method].tags?.[0] ?? "Others";
      if (!groups.has(tag)) groups.set(tag, element("section", { id: tag.replaceAll(" ", "-") }, element("h2", {}, tag)));
      groups.get(tag).append(call(method, path, operations[method]));
    }
  }
  const problems = element("section", { id: "Problems" }, element("h2", {}, "Problems"),
    element("p", {}, "Every refusal is application/problem+json with these fields."), shape(api.components.schemas.Problem),
    element("h3", {}, "Types"), element("dl", {}, ...Object.entries(api["x-problems"] ?? {}).flatMap(([type, title]) => [
      element("dt", { id: type.split("#").pop() }, element("code", {}, type)), element("dd", {}, title)])));
  return [...groups.values(), problems];
}

function follow() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (place) {
    place.open = true;
    place.scrollIntoView();
  }
}

async function main() {
  const calls = document.getElementById("calls");
  const api = await (await fetch("v1/openapi.json")).json();
  document.getElementById("about").textContent = api.info.description.replaceAll("`", "");
  const sections = drawn(api);
  calls.replaceChildren(...sections);
  document.getElementById("parts").append(...sections.map((each) => element("a", { href: `#${each.id}` }, each.querySelector("h2").textContent)));
  document.getElementById("find").addEventListener("input", ({ target }) => {
    const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const each of calls.querySelectorAll("details")) each.hidden = !words.every((word) => each.dataset.text.includes(word));
    for (const each of sections) each.hidden = words.length > 0 && !each.querySelector("details:not([hidden])");
  });
  addEventListener("hashchange", follow);
  follow();
}

main().catch((error) => { document.getElementById("calls").textContent = `The description cannot be read: ${error.message}`; });
