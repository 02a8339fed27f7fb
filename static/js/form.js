// Counts what a person would count, leads to a failed form's summary, keeps a form's key.
"use strict";

document.documentElement.classList.add("has-js");

for (const summary of document.querySelectorAll("[data-error-summary]")) {
  summary.focus();
}

// A browser that draws the form anew when somebody comes back to it gets a new key from the server.
// The key belongs to the step in the history, so that a second press on "send" is no second opinion.
const key = document.querySelector("input[name=idempotency_key]");
if (key && history.state?.idempotencyKey) {
  key.value = history.state.idempotencyKey;
} else if (key) {
  history.replaceState({ idempotencyKey: key.value }, "");
}

function countGraphemes(text) {
  if (!("Segmenter" in Intl)) {
    return Array.from(text).length;
  }
  let count = 0;
  for (const _ of new Intl.Segmenter("th", { granularity: "grapheme" }).segment(text)) {
    count += 1;
  }
  return count;
}

function watch(area) {
  const most = Number(area.dataset.count);
  const shown = document.getElementById(`${area.id}_count`);
  const spoken = document.getElementById(`${area.id}_count_spoken`);
  const write = new Intl.NumberFormat(document.documentElement.lang);
  let wait = 0;
  function tell() {
    const count = countGraphemes(area.value);
    const left = most - count;
    const words = left < 0 ? shown.dataset.over : shown.dataset.count;
    const text = words
      .replace("{count}", write.format(count))
      .replace("{most}", write.format(most))
      .replace("{over}", write.format(-left));
    shown.textContent = text;
    shown.classList.toggle("is-over", left < 0);
    // A screen reader hears the count after a pause in typing, not at every key.
    clearTimeout(wait);
    wait = setTimeout(() => {
      spoken.textContent = text;
    }, 1200);
  }
  shown.hidden = false;
  area.addEventListener("input", tell);
  if (area.value) {
    tell();
  }
}

document.querySelectorAll("textarea[data-count]").forEach(watch);
