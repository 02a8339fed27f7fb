// Counts what a person would count, leads to a failed form's summary, keeps a form's key, tells of personal data.
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

// Personal data: the first press on "send" asks what the words hold and lets the author choose. The server
// asks again where it must; whatever fails here, the form is sent as if there were no script.
const PATIENCE = 5000;

async function findPersonalData(form) {
  const fields = new URLSearchParams({
    body: form.elements.body.value,
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
  });
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(form.dataset.check, { method: "POST", body: fields, signal });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function sendKept(form, mark) {
  const kept = document.createElement("input");
  kept.type = "hidden";
  kept.name = "keeps_personal_data";
  kept.value = mark;
  form.append(kept);
  form.submit();
}

function mend(area, first) {
  // The server counts code points, the browser UTF-16 units.
  const characters = Array.from(area.value);
  const start = characters.slice(0, first.start).join("").length;
  area.focus();
  area.setSelectionRange(start, start + characters.slice(first.start, first.end).join("").length);
}

function tellFindings(form, { keep, findings }) {
  const template = document.getElementById("personal-data");
  const notice = template.content.firstElementChild.cloneNode(true);
  const characters = Array.from(form.elements.body.value);
  for (const { start, end, label } of findings) {
    const item = document.createElement("li");
    item.textContent = template.dataset.line
      .replace("{text}", () => characters.slice(start, end).join(""))
      .replace("{kind}", () => label);
    notice.querySelector("[data-findings]").append(item);
  }
  const holdsBlocked = findings.some(({ severity }) => severity === "block");
  notice.querySelector(`[data-for=${holdsBlocked ? "block" : "rest"}]`).hidden = false;
  notice.querySelector("[data-mend]").addEventListener("click", () => {
    notice.remove();
    mend(form.elements.body, findings[0]);
  });
  notice.querySelector("[data-keep]").addEventListener("click", () => sendKept(form, keep));
  template.before(notice);
  notice.focus();
}

for (const form of document.querySelectorAll("form[data-check]")) {
  let state = "new";
  form.addEventListener("submit", async (event) => {
    if (state === "asked" || document.getElementById("id_keeps_personal_data")?.checked) {
      return;
    }
    event.preventDefault();
    if (state === "asking") {
      return;
    }
    state = "asking";
    const answer = await findPersonalData(form);
    state = "asked";
    if (answer?.findings.length) {
      tellFindings(form, answer);
    } else {
      form.submit();
    }
  });
}
