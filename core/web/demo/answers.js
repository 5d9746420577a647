// An answer: what is predicted, how probable each class is, what was done to the input, and whether people agree.

const SHOWN = 8; // classes
const percent = (share) => (share > 0 && share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`);

export function made(tag, text = "", style = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (style) element.className = style;
  return element;
}

export function showAnswer(place, demo, answer, judge, explain) {
  if (!answer) return place.replaceChildren(made("p", "The answer appears here.", "empty"));
  if (answer.problem) return place.replaceChildren(made("p", answer.problem, "empty"));
  const parts = [made("p", predicted(demo, answer), "prediction")];
  if (answer.notes) { // above the figures, which rest on what was made of the input
    const notes = made("ul", "", "notes told");
    notes.append(...answer.notes.map((note) => made("li", note)));
    parts.push(notes);
  }
  const shares = answer.classes ?? answer.labels;
  if (shares) parts.push(bars(shares));
  parts.push(made("p", `Answered by version ${answer.version}.`, "by"));
  if (explain) parts.push(explaining(explain));
  if (judge) parts.push(judging(judge));
  place.replaceChildren(...parts);
}

function predicted(demo, answer) {
  const value = answer.prediction;
  if (value === undefined) return "";
  if (Array.isArray(value)) {
    if (typeof value[0] === "number") return value.map(rounded).join(", ");
    return value.length ? value.join(", ") : "None of the labels";
  }
  return typeof value === "number" ? `${demo.target ? `${demo.target}: ` : ""}${rounded(value)}` : value;
}

const rounded = (value) => Number(value.toPrecision(4)).toLocaleString("en", { maximumSignificantDigits: 4 });

function bars(shares) {
  const list = made("ul", "", "shares");
  for (const share of shares.slice(0, SHOWN)) {
    const item = made("li");
    const bar = made("div", "", "bar");
    const filled = made("i");
    filled.style.width = `${100 * share.probability}%`;
    bar.append(filled);
    item.append(made("span", share.name), made("span", percent(share.probability), "number"), bar);
    list.append(item);
  }
  if (shares.length > SHOWN) list.append(made("li", `and ${shares.length - SHOWN} more`, "empty"));
  return list;
}

function explaining(explain) {
  const place = made("div", "", "why");
  const button = made("button", "Why?");
  button.type = "button";
  button.addEventListener("click", async () => {
    place.replaceChildren(made("p", "Asking the network what the answer hangs on …", "empty"));
    place.setAttribute("aria-busy", "true");
    const shown = await explain().catch(() => null);
    place.removeAttribute("aria-busy");
    place.replaceChildren(...(shown ?? [made("p", "There was no explanation. Try again in a moment.", "empty"), button]));
  });
  place.append(button);
  return place;
}

function judging(judge) {
  const line = made("div", "", "judge");
  const say = (correct) => async () => {
    const kept = await judge(correct).catch(() => false);
    line.replaceChildren(made("span", kept ? "Thank you, this is kept." : "This could not be kept. Try again later."));
  };
  line.append(made("span", "Is this right?"));
  for (const [text, correct] of [["Yes", true], ["No", false]]) {
    const button = made("button", text);
    button.type = "button";
    button.addEventListener("click", say(correct));
    line.append(button);
  }
  return line;
}
