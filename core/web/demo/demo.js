// The page: asks what it is about, shows the input of that kind, sends what is given and shows the answer.

import { showAnswer } from "./answers.js";
import { explanation } from "./explanation.js";
import { inputFor } from "./inputs.js";

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
  return { status: response.status, id: response.headers.get("X-Request-Id"), wait: response.headers.get("Retry-After"), body };
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
  part("footer").textContent = `${demo.name}, version ${demo.version} · Traindeck`;
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
  const why = demo.explained && !found.body.answers[0].problem && (() => explain(instance));
  showAnswer(part("answer"), demo, found.body.answers[0], found.id && ((correct) => judge(found.id, correct)), why);
}

async function explain(instance) {
  for (;;) {
    const { status, body, wait } = await post("explain", { instances: [instance] });
    if (status === 200) return explanation(body.explanations[0]);
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
      button.textContent = shortened(example);
    }
    button.addEventListener("click", () => input.take(example));
    return button;
  });
  part("examples").hidden = !buttons.length;
  part("examples").querySelector(".choices").replaceChildren(...buttons);
}

function shortened(example) {
  const named = example && typeof example === "object" && !Array.isArray(example);
  const text = typeof example === "string" ? example
    : named ? Object.entries(example).filter(([, value]) => value !== null).slice(0, 4).map(([key, value]) => `${key} ${value}`).join(", ")
      : JSON.stringify(example);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

open().catch(() => tell("The demo cannot be reached. Try again in a moment.", true));
