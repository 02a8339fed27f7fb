// Count what is ticked, and tick all. Without this file the queue works all the same.
"use strict";

const queue = document.getElementById("queue");
const boxes = [...queue.querySelectorAll("input.action-select")];
const all = document.getElementById("tick-all");
const told = queue.querySelector(".ticked");

function tell() {
  const count = boxes.filter((box) => box.checked).length;
  told.textContent = count ? told.dataset.text.replace("{}", count) : "";
  all.checked = count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
  for (const box of boxes) {
    box.closest(".card").classList.toggle("is-ticked", box.checked);
  }
}

if (all) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) {
      box.checked = all.checked;
    }
    tell();
  });
  queue.addEventListener("change", tell);
  tell();
}
