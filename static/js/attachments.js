// Lists the chosen files, and tells of too many or too large ones before they are sent. The server checks again.
"use strict";

const MEGABYTE = 1024 * 1024;

function watchFiles(told) {
  const input = document.getElementById(told.dataset.files);
  const most = Number(input.dataset.most);
  const largest = Number(input.dataset.largest);
  const write = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

  function inMegabytes(file) {
    return write.format(Math.max(file.size / MEGABYTE, 0.1));
  }

  function wrongs() {
    const files = Array.from(input.files);
    const found = files
      .filter((file) => file.size > largest)
      .map((file) =>
        told.dataset.tooLarge.replace("{name}", () => file.name).replace("{size}", () => inMegabytes(file)),
      );
    if (files.length > most) {
      found.push(told.dataset.tooMany.replace("{count}", write.format(files.length)));
    }
    return found;
  }

  function list(lines, className) {
    const items = document.createElement("ul");
    items.className = className;
    for (const line of lines) {
      const item = document.createElement("li");
      const text = document.createElement("bdi");
      text.textContent = line;
      item.append(text);
      items.append(item);
    }
    return items;
  }

  function tell() {
    const found = wrongs();
    const names = Array.from(input.files, (file) => `${file.name} (${inMegabytes(file)} MB)`);
    told.replaceChildren();
    if (found.length) {
      told.append(list([...found, told.dataset.mend], "field-error"));
    } else if (names.length) {
      told.append(list(names, "plain small"));
    }
    input.closest(".field").classList.toggle("is-wrong", found.length > 0);
    return found.length === 0;
  }

  input.addEventListener("change", tell);
  // In the capturing phase: before the question about personal data.
  input.form.addEventListener(
    "submit",
    (event) => {
      if (!tell()) {
        event.preventDefault();
        event.stopImmediatePropagation();
        input.focus();
      }
    },
    { capture: true },
  );
}

document.querySelectorAll("[data-files]").forEach(watchFiles);
