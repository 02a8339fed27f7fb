// Lays a box that searches over the list of goals. The list stays, unseen: it holds the choice and is what is sent, and
// whatever sets it tells the box by a change event. Keys and roles are those of the ARIA editable combobox with a listbox.
"use strict";

const PAUSE_BEFORE_TELLING = 700;
const LEAST_ROOM = 240;
const ZERO_WIDTH = /[\u200b-\u200d\u2060\ufeff\u00ad]+/g;

// The same one form of a Thai text that comments/text/normalise.py makes; an option and a query are both brought to it.
function normalise(text) {
  let before = null;
  let now = text;
  while (before !== now) {
    before = now;
    now = now
      .replace(ZERO_WIDTH, "")
      .replace(/(\p{M}{30})\p{M}+/gu, "$1")
      .normalize("NFC")
      .toLowerCase()
      .replace(/[๐-๙]/g, (digit) => digit.charCodeAt(0) - 0x0e50)
      .replace(/\u0e40\u0e40/g, "\u0e41")
      .replace(/\u0e4d([\u0e48-\u0e4b]?)\u0e32/g, "$1\u0e33")
      .replace(/\u0e33([\u0e48-\u0e4b])/g, "$1\u0e33")
      .replace(/([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\1+/g, "$1")
      .replace(/\s+/g, " ")
      .trim();
  }
  return now;
}

class GoalPicker {
  constructor(select, template) {
    this.select = select;
    this.words = template.dataset;
    this.box = template.content.firstElementChild.cloneNode(true);
    this.input = this.box.querySelector("input");
    this.button = this.box.querySelector(".picker-open");
    this.found = this.box.querySelector(".picker-found");
    this.list = this.box.querySelector("[role=listbox]");
    this.none = this.box.querySelector(".picker-none");
    this.chosen = this.box.querySelector(".picker-chosen");
    this.status = this.box.querySelector("[role=status]");
    this.write = new Intl.NumberFormat(document.documentElement.lang);
    this.active = null;
    this.wait = 0;
    this.options = [];
    this.draw();
    this.takeOver();
    this.listen();
    this.show();
  }

  draw() {
    for (const [number, part] of Array.from(this.select.children).entries()) {
      if (part.localName !== "optgroup") {
        this.list.append(this.drawOption(part, ""));
        continue;
      }
      const group = document.createElement("div");
      const name = document.createElement("div");
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", `goal-picker-group-${number}`);
      name.className = "picker-group";
      name.id = `goal-picker-group-${number}`;
      name.textContent = part.label;
      group.append(name, ...Array.from(part.children, (option) => this.drawOption(option, part.label)));
      this.list.append(group);
    }
  }

  drawOption(option, group) {
    const drawn = document.createElement("div");
    drawn.id = `goal-picker-option-${option.index}`;
    drawn.className = "picker-option";
    drawn.dataset.value = option.value;
    drawn.textContent = option.label;
    if (option.value && option.label.endsWith(`(${option.value})`)) {
      drawn.textContent = option.label.slice(0, -option.value.length - 2);
      drawn.append(Object.assign(document.createElement("span"), { textContent: `(${option.value})` }));
    }
    drawn.setAttribute("role", "option");
    const text = normalise(`${option.label} ${option.value} ${option.dataset.more ?? ""} ${group}`);
    this.options.push({ drawn, text, value: option.value });
    return drawn;
  }

  // The label, the hints and the link from the summary of errors lead to the box from now on.
  takeOver() {
    const { id } = this.select;
    this.select.id = `${id}_list`;
    this.select.hidden = true;
    this.input.id = id;
    const described = this.select.getAttribute("aria-describedby") ?? "";
    this.input.setAttribute("aria-describedby", `${described} goal-picker-hint`.trim());
    if (this.select.getAttribute("aria-invalid")) {
      this.input.setAttribute("aria-invalid", "true");
    }
    this.input.placeholder = this.options[0].drawn.textContent;
    this.select.before(this.box);
  }

  listen() {
    this.select.addEventListener("change", () => this.show());
    // The form empties itself after its event.
    this.select.form.addEventListener("reset", () => setTimeout(() => this.show()));
    addEventListener("pageshow", () => this.show());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.leave());
    // A press on the list leaves the focus, and so a keyboard on the screen, where it is.
    for (const part of [this.found, this.button]) {
      part.addEventListener("mousedown", (event) => event.preventDefault());
    }
    this.list.addEventListener("click", (event) => {
      const drawn = event.target.closest("[role=option]");
      if (drawn) {
        this.choose(drawn.dataset.value);
      }
    });
    this.button.addEventListener("click", () => {
      if (this.isOpen) {
        this.leave();
      } else {
        this.input.focus();
        this.open();
      }
    });
    this.chosen.querySelector("button").addEventListener("click", () => {
      this.choose("");
      this.input.focus();
    });
    visualViewport?.addEventListener("resize", () => this.fit());
  }

  get isOpen() {
    return !this.found.hidden;
  }

  get fitting() {
    return this.options.filter(({ drawn }) => !drawn.hidden);
  }

  get label() {
    return this.select.value ? this.select.selectedOptions[0].label : "";
  }

  // Show what is chosen, whoever chose it.
  show() {
    this.close();
    this.input.value = this.label;
    for (const { drawn, value } of this.options) {
      drawn.setAttribute("aria-selected", String(value === this.select.value));
    }
    this.chosen.hidden = !this.label;
    this.chosen.querySelector("span").textContent = this.words.chosen.replace("{goal}", () => this.label);
  }

  put(value) {
    if (this.select.value !== value) {
      this.select.value = value;
      this.select.dispatchEvent(new Event("input", { bubbles: true }));
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  choose(value) {
    this.put(value);
    this.show();
    this.tell(this.words.chosen.replace("{goal}", () => this.label || this.input.placeholder));
  }

  open() {
    if (!this.isOpen) {
      this.filter("");
      this.list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    }
  }

  close() {
    this.found.hidden = true;
    this.expand(false);
    this.activate(null);
  }

  // Words that were typed and not chosen are no choice; an empty box is the whole plan.
  leave() {
    if (!this.input.value.trim()) {
      this.put("");
    }
    this.show();
  }

  search() {
    if (!this.input.value.trim()) {
      this.put("");
      this.input.value = "";
    }
    this.filter(this.input.value);
    const count = this.fitting.filter(({ value }) => value).length;
    this.tell(this.count(count));
  }

  filter(typed) {
    const wanted = normalise(typed).split(" ");
    for (const { drawn, text } of this.options) {
      drawn.hidden = !wanted.every((word) => text.includes(word));
    }
    for (const group of this.list.querySelectorAll("[role=group]")) {
      group.hidden = !group.querySelector("[role=option]:not([hidden])");
    }
    const isEmpty = this.fitting.length === 0;
    this.activate(null);
    this.found.hidden = false;
    this.list.hidden = isEmpty;
    this.list.scrollTop = 0;
    this.none.hidden = !isEmpty;
    this.none.textContent = isEmpty ? this.words.none : "";
    this.expand(!isEmpty);
    this.fit();
  }

  expand(isExpanded) {
    this.input.setAttribute("aria-expanded", String(isExpanded));
    this.button.setAttribute("aria-expanded", String(isExpanded));
  }

  // The list ends above a keyboard on the screen; where that leaves too little, the box goes up to the top.
  fit() {
    if (!this.isOpen) {
      return;
    }
    const seen = visualViewport ?? { offsetTop: 0, height: innerHeight };
    const room = () => seen.offsetTop + seen.height - this.found.getBoundingClientRect().top - 12;
    if (room() < LEAST_ROOM) {
      this.input.scrollIntoView({ block: "start", behavior: "instant" });
    }
    this.list.style.setProperty("--room", `${Math.max(room(), LEAST_ROOM / 2)}px`);
  }

  count(count) {
    if (count === 0) {
      return this.words.none;
    }
    return count === 1 ? this.words.one : this.words.some.replace("{count}", this.write.format(count));
  }

  // A screen reader hears it after a pause in typing, not at every key.
  tell(text) {
    clearTimeout(this.wait);
    this.status.textContent = "";
    this.wait = setTimeout(() => {
      this.status.textContent = text;
    }, PAUSE_BEFORE_TELLING);
  }

  activate(option) {
    this.active?.drawn.classList.remove("is-active");
    this.active = option;
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.drawn.classList.add("is-active");
    option.drawn.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.drawn.id);
  }

  move(step) {
    const { fitting } = this;
    const here = fitting.indexOf(this.active);
    const next = here === -1 && step < 0 ? fitting.length - 1 : here + step;
    this.activate(fitting[(next + fitting.length) % fitting.length] ?? null);
  }

  // Who opens a closed list with an arrow begins at what is chosen.
  arrow(step, isAlone) {
    if (this.isOpen) {
      this.move(step);
      return;
    }
    this.open();
    if (isAlone) {
      this.active = this.fitting.find(({ value }) => value && value === this.select.value) ?? null;
      this.move(step);
    }
  }

  enter() {
    const { fitting } = this;
    if (!this.isOpen) {
      this.open();
    } else if (this.active ?? fitting.length === 1) {
      this.choose((this.active ?? fitting[0]).value);
    } else if (!this.input.value.trim()) {
      this.choose("");
    }
  }

  // Returns whether the key was meant for the list and not for the text.
  act(event) {
    switch (event.key) {
      case "ArrowDown":
        this.arrow(1, !event.altKey);
        return true;
      case "ArrowUp":
        if (event.altKey) {
          this.show();
        } else {
          this.arrow(-1, true);
        }
        return true;
      case "Enter":
        this.enter();
        return true;
      case "Escape":
        if (this.isOpen) {
          this.show();
          return true;
        }
        return false;
      case "Home":
      case "End":
        if (this.active) {
          this.activate(this.fitting.at(event.key === "Home" ? 0 : -1));
          return true;
        }
        return false;
      case "Tab":
        if (this.active) {
          this.choose(this.active.value);
        }
        return false;
      case "ArrowLeft":
      case "ArrowRight":
        this.activate(null);
        return false;
      default:
        return false;
    }
  }

  press(event) {
    // Enter ends a composition of letters before it is a key of ours.
    if (!event.isComposing && this.act(event)) {
      event.preventDefault();
    }
  }
}

const goalTemplate = document.getElementById("goal-picker");
const goalSelect = document.querySelector("main form select[name=goal]");
if (goalTemplate && goalSelect) {
  new GoalPicker(goalSelect, goalTemplate);
}
