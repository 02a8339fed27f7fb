// Votes without leaving the page, and shows what this browser pressed on pages that are the same for everybody.
"use strict";

document.documentElement.classList.add("has-js");

// Addresses that this browser has voted on. The cookie can't be read here, and the pages don't know it.
const KEPT = "voted";
const MOST_KEPT = 500;

function voted() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function remember(address) {
  try {
    const others = voted().filter((one) => one !== address);
    localStorage.setItem(KEPT, JSON.stringify([...others, address].slice(-MOST_KEPT)));
  } catch {
    // Without storage the vote counts all the same.
  }
}

// Both languages have one vote.
function name(box) {
  return box.dataset.own.replace(/^\/en(?=\/)/, "");
}

async function draw(box, response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const drawn = page.querySelector("[data-drawn]");
  const present = box.querySelector("[data-drawn]");
  if (!response.ok || !drawn || !present) {
    throw new Error(`${response.status}`);
  }
  const focused = present.contains(document.activeElement) ? document.activeElement : null;
  present.replaceWith(drawn);
  box.querySelector("[role=status]").textContent = drawn.dataset.said;
  if (focused) {
    // What was pressed may be gone: one can't take back twice.
    const same = [...drawn.querySelectorAll("button")].find((one) => one.value === focused.value);
    (same || drawn.querySelector("button"))?.focus();
  }
}

async function press(box, form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) {
    body.append(button.name, button.value);
  }
  body.set("part", box.dataset.part);
  box.setAttribute("aria-busy", "true");
  try {
    await draw(box, await fetch(form.action, { method: "POST", body }));
    remember(name(box));
  } catch {
    // The plain form says what is wrong.
    box.dataset.plain = "";
    form.requestSubmit(button);
  } finally {
    box.removeAttribute("aria-busy");
  }
}

async function showOwn(box) {
  try {
    await draw(box, await fetch(`${box.dataset.own}?part=${box.dataset.part}`));
  } catch {
    // The page stays as everybody has it.
  }
}

const known = new Set(voted());
for (const box of document.querySelectorAll("[data-own]")) {
  box.addEventListener("submit", (event) => {
    if ("plain" in box.dataset) {
      return;
    }
    event.preventDefault();
    if (!box.hasAttribute("aria-busy")) {
      press(box, event.target, event.submitter);
    }
  });
  if (known.has(name(box)) && !box.querySelector("[aria-pressed]")) {
    showOwn(box);
  }
}
