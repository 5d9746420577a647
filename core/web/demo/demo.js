// The page: asks what it is about, shows the input of that kind, sends what is given and shows the answer.

import { showAnswer } from "./answers.js";
import { explanation } from "./explanation.js";
import { inputFor, short } from "./inputs.js";

const part = (id) => document.getElementById(id);
const name = decodeURIComponent(location.pathname.split("/").filter(Boolean).pop());
const address = (what) => `${encodeURIComponent(name)}/${what}`;

function tell(text, bad = false) {
  part("message").textContent = text;
  part("message").classList.toggle("bad", bad);
  part("message").hidden = !text;
}

async function fetched(what, options = {}) {
  const response = await fetch(address(what), options);
  const body = await response.json().catch(() => ({}));
  const told = (key) => response.headers.get(key);
  return { status: response.status, id: told("X-Request-Id"), wait: told("Retry-After"), version: told("X-Model-Version"), body };
}

const post = (what, body) =>
  fetched(what, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function open() {
  const { status, body, wait } = await fetched("about");
  if (status === 401) return askPassword();
  if (status === 503 && wait) {
    tell(body.error);
    return setTimeout(open, 1000);
  }
  if (status !== 200) return tell(body.error ?? "The demo cannot be reached. Try again in a moment.", true);
  tell("");
  part("door").hidden = true;
  show(body);
}

function askPassword() {
  part("title").textContent = name;
  part("door").hidden = false;
  part("password").focus();
}

part("door").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { status, body } = await post("enter", { password: part("password").value });
  if (status !== 200) return tell(body.error, true);
  await open();
  if (!part("door").hidden) tell("The browser does not keep the cookie here. Open this page in a tab of its own.", true);
});

function show(demo) {
  document.title = demo.title;
  part("title").textContent = demo.title;
  part("about").textContent = demo.about;
  part("about").hidden = !demo.about;
  part("footer").textContent = `${demo.name} · Traindeck`; // the version stands at each answer, which a challenger may give
  part("work").hidden = false;
  const input = inputFor(demo, (instance) => answer(demo, instance), (text) => tell(text, true));
  part("given").replaceChildren(input.element);
  showAnswer(part("answer"), demo, null);
  showExamples(demo, input);
}

let newest = 0; // of the questions; an answer to an earlier one is not shown

async function answer(demo, instance) {
  const number = ++newest;
  part("answer").setAttribute("aria-busy", "true");
  let found;
  try {
    found = await post("answer", { instances: [instance] });
  } catch {
    found = { status: 0, body: { error: "The server cannot be reached. Try again in a moment." } };
  }
  if (number !== newest) return;
  part("answer").removeAttribute("aria-busy");
  if (found.status === 401) return askPassword();
  if (found.status !== 200) return tell(found.body.error ?? "There was no answer. Try again.", true);
  tell("");
  const why = demo.explained && !found.body.answers[0].problem && (() => explain(instance, found.version));
  showAnswer(part("answer"), demo, { ...found.body.answers[0], version: found.version }, found.id && ((correct) => judge(found.id, correct)), why);
}

async function explain(instance, version) {
  for (;;) {
    const { status, body, wait } = await post(`explain?version=${version}`, { instances: [instance] });
    if (status === 200) return explanation(body.explanations[0], version);
    if (status !== 429) return [Object.assign(document.createElement("p"), { textContent: body.error, className: "empty" })];
    await new Promise((done) => setTimeout(done, 1000 * (Number(wait) || 1)));
  }
}

async function judge(id, correct) {
  return (await post("feedback", { id, correct })).status === 200;
}

function showExamples(demo, input) {
  const buttons = demo.examples.map((example, place) => {
    const button = document.createElement("button");
    button.type = "button";
    if (example && example.b64) {
      const image = document.createElement("img");
      image.src = `data:image/png;base64,${example.b64}`;
      image.alt = `Example ${place + 1}`;
      button.append(image);
    } else {
      button.textContent = shortened(example, telling(demo));
    }
    button.addEventListener("click", () => input.take(example));
    return button;
  });
  part("examples").hidden = !buttons.length;
  part("examples").querySelector(".choices").replaceChildren(...buttons);
}

const NAMED = 4; // values of a row that a button names

// The fields by which the examples differ most, in their order: dates, categories, and numbers by how far they are apart.
function telling(demo) {
  const apart = (field) => {
    const values = demo.examples.map((example) => example?.[field.name] ?? null), kinds = new Set(values).size;
    if (kinds < 2) return 0;
    if (field.kind !== "number") return field.kind === "date" ? 2 : kinds / Math.min(values.length, field.choices.length || 1);
    const numbers = values.filter((value) => value !== null).map(Number);
    return Math.min(0.99, (Math.max(...numbers) - Math.min(...numbers)) / ((field.high - field.low) || 1));
  };
  const most = demo.fields.map((field) => [field.name, apart(field)]).sort((one, other) => other[1] - one[1]).slice(0, NAMED);
  const chosen = new Set(most.map(([key]) => key));
  return demo.fields.map((field) => field.name).filter((key) => chosen.has(key));
}

function shortened(example, names) {
  const named = example && typeof example === "object" && !Array.isArray(example) && names.length;
  const value = (key) => (example[key] ?? null) === null ? "missing" : short(example[key]);
  const text = typeof example === "string" ? example
    : named ? names.map((key) => `${key} ${value(key)}`).join(", ") : JSON.stringify(example);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

open().catch(() => tell("The demo cannot be reached. Try again in a moment.", true));
