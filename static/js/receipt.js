// Copies the reference and the secret, and prints the receipt.
"use strict";

document.documentElement.classList.add("has-js");

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const said = document.getElementById("copied");
  button.addEventListener("click", async () => {
    const done = await copy(source.textContent.trim());
    if (!done) {
      // Without leave to use the clipboard the text is marked, ready for the keyboard or a long press.
      select(source);
    }
    said.textContent = done ? button.dataset.done : button.dataset.failed;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
