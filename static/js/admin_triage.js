// One key for each button that names one, unless keys are switched off; holds on to the item while somebody is at work.
// Without this file the buttons do it all.
"use strict";

const KEPT = "triage-keys";
const RENEW_EVERY = 60_000;
// Milliseconds after which a letter begins another title.
const FORGET_AFTER = 2_000;
const decide = document.getElementById("decide");
const choice = document.getElementById("triage-keys");
const list = document.getElementById("keys");
const heading = document.getElementById("item");
const told = document.getElementById("told");
let isSending = false;
let typed = "";
let typedAt = 0;

function areKeysOn() {
  return localStorage.getItem(KEPT) !== "off";
}

// What was done is said aloud once the page stands; a status that is there from the start is not read.
function tell() {
  const said = [...document.querySelectorAll(".messagelist li")].map((line) => line.textContent.trim());
  if (told && said.length) {
    told.classList.add("visually-hidden");
    requestAnimationFrame(() => {
      told.textContent = said.join(" ");
    });
  }
}

// The words marked with the mouse, if they stand in the opinion that is shown large.
function takeMarkedWords() {
  const marked = getSelection();
  const words = document.getElementById("item-words");
  const field = document.querySelector("#cover input[name$='-words']");
  if (field && !marked.isCollapsed && words.contains(marked.anchorNode) && words.contains(marked.focusNode)) {
    field.value = marked.toString();
  }
}

function press(button) {
  if (button.form.id === "cover") {
    takeMarkedWords();
  }
  isSending = true;
  button.form.requestSubmit(button);
}

function isTyping(target) {
  return target.closest("textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]");
}

// Among the themes, letters lead to the next one whose title they begin, or stand in.
function leadToTheme(event) {
  if (!event.target.closest("#themes button.theme") || (event.shiftKey && event.code.startsWith("Digit"))) {
    return false;
  }
  if (event.key === "Escape") {
    heading.focus();
    return true;
  }
  if (event.key.length !== 1 || event.key === " ") {
    return false;
  }
  typed = (event.timeStamp - typedAt < FORGET_AFTER ? typed : "") + event.key.toLowerCase();
  typedAt = event.timeStamp;
  const themes = [...document.querySelectorAll("#themes button.theme")];
  const title = (button) => button.dataset.title.toLowerCase();
  const found = themes.find((one) => title(one).startsWith(typed)) || themes.find((one) => title(one).includes(typed));
  found?.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const isCombined = event.ctrlKey || event.altKey || event.metaKey;
  if (isCombined || event.repeat || isSending || !areKeysOn() || isTyping(event.target)) {
    return;
  }
  if (event.key === "?" || (event.shiftKey && event.code === "Slash")) {
    event.preventDefault();
    list.open = !list.open;
    return;
  }
  if (leadToTheme(event)) {
    event.preventDefault();
    return;
  }
  // The place of the key, not its letter: on a Thai keyboard the same key types another one.
  const code = (event.shiftKey ? "Shift+" : "") + event.code.replace("Numpad", "Digit");
  const themes = code === "KeyT" && document.querySelector("#themes button.theme");
  if (themes) {
    event.preventDefault();
    typed = "";
    themes.focus();
    return;
  }
  const button = document.querySelector(`button[data-key~="${CSS.escape(code)}"]`);
  if (button) {
    event.preventDefault();
    press(button);
  }
});

document.addEventListener("submit", () => {
  isSending = true;
});
// After "back" the browser may show the page as it was left.
addEventListener("pageshow", () => {
  isSending = false;
});

function showKeys() {
  document.documentElement.classList.toggle("keys-off", !areKeysOn());
}

if (choice) {
  choice.checked = areKeysOn();
  choice.closest(".keys-choice").hidden = false;
  choice.addEventListener("change", () => {
    localStorage.setItem(KEPT, choice.checked ? "on" : "off");
    showKeys();
  });
}
showKeys();
tell();

if (heading && !document.querySelector(".errorlist, .errornote:not(.messagelist *)")) {
  heading.focus({ preventScroll: !location.hash });
}

if (decide) {
  let last = Date.now();
  const renew = async () => {
    if (Date.now() - last < RENEW_EVERY || isSending) {
      return;
    }
    last = Date.now();
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "token"]) {
      body.set(name, decide.elements[name].value);
    }
    try {
      const answer = await fetch(decide.dataset.renew, { method: "POST", body });
      if (answer.status === 409) {
        told.classList.remove("visually-hidden");
        told.textContent = decide.dataset.lost;
      }
    } catch {
      // Offline for a moment: the next key or touch asks again.
    }
  };
  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(kind, renew, { passive: true });
  }
}
