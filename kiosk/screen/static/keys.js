// Keys for a screen that has no keyboard: a finger on a field brings them; a real key, or a new verdict, sends them away.
"use strict";

const keys = document.getElementById("keys");
let field = null;
let before = "";

function verdictNow() {
  // A lock changes no phase, and hides the field.
  const shown = document.querySelector(".verdict, .calm");
  return shown && shown.dataset.key;
}

function bring(input) {
  field = input;
  before = verdictNow();
  // A count has a value from the start, and what is typed takes its place.
  if (input.dataset.keys === "count") input.select();
  keys.hidden = false;
  document.body.classList.add("keyed"); // for good: a page that grew shorter would move from under a finger
  const own = input.getBoundingClientRect();
  const over = keys.getBoundingClientRect();
  // A field that they would lie on moves up, on a page that is as much longer (office.css).
  if (own.bottom > over.top && own.top < over.bottom) window.scrollBy({ top: own.bottom - over.top + 8, behavior: "instant" });
}

function sendAway() {
  keys.hidden = true;
  field = null;
}

// As a keyboard does: where the caret is, in the place of what is selected, and no more than the field takes.
function type(sign) {
  const { value, selectionStart: start, selectionEnd: end, maxLength } = field;
  const counts = field.dataset.keys === "count";
  if (counts && sign && !/[0-9]/.test(sign)) return;
  const from = sign || start < end ? start : Math.max(0, start - 1);
  const ahead = value.slice(0, from);
  const rest = value.slice(end);
  const small = field.dataset.keys === "text" && ahead && !ahead.endsWith(" ");
  const typed = ahead + (small ? sign.toLowerCase() : sign);
  // Of a count the last digits stay: one too many pushes the first out.
  const kept = counts ? typed.slice(Math.max(0, typed.length + rest.length - maxLength)) : typed;
  if (kept.length + rest.length > maxLength) return;
  field.value = kept + rest;
  field.setSelectionRange(kept.length, kept.length);
  if (!rest) field.scrollLeft = field.scrollWidth; // a browser shows the caret only where a real key moved it
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("pointerdown", ({ target }) => {
  const others = target.closest("select");
  if (others || !(keys.contains(target) || (field && field.form.contains(target)))) sendAway();
});
// Not before the finger is up again: it would come up on a key that was not there when it went down.
document.addEventListener("click", ({ target }) => {
  const input = target.closest("[data-keys]");
  if (input) bring(input);
});
// The field keeps the focus: a screen reader goes on reading it, and Enter sends it.
keys.addEventListener("pointerdown", (event) => event.preventDefault());
keys.addEventListener("click", ({ target }) => {
  if ("ends" in target.dataset) sendAway();
  else if (field && "types" in target.dataset) type(target.dataset.types);
});
document.addEventListener("keydown", ({ target, key }) => {
  if (key === "Escape" || target === field) sendAway();
});
const changing = document.getElementById("board");
if (changing) {
  new MutationObserver(() => { if (field && verdictNow() !== before) sendAway(); })
    .observe(changing, { subtree: true, childList: true, attributes: true });
}
