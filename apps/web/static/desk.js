// What pages do beyond htmx: small habits, each bound to a data attribute and listening on the document, so that
// parts that come later have them too. Everything here has a way that works without it.

const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(event, found);
  });

// Colours.
const root = document.documentElement;
const themes = document.querySelector("[data-theme-switch]");
if (themes) {
  themes.hidden = false;
  const current = root.dataset.theme ?? "auto";
  for (const input of themes.querySelectorAll("input")) input.checked = input.value === current;
  themes.addEventListener("change", (event) => {
    const chosen = event.target.value;
    if (chosen === "auto") {
      delete root.dataset.theme;
      localStorage.removeItem("theme");
    } else {
      root.dataset.theme = chosen;
      localStorage.setItem("theme", chosen);
    }
  });
}

// Dialogs: the link's page does the same without script.
on("click", "[data-dialog]", (event, opener) => {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog?.showModal) return;
  event.preventDefault();
  dialog.showModal();
});
on("click", "dialog", (event, dialog) => {
  if (event.target === dialog) dialog.close();
});

// Menus: one open at a time; Escape and a click elsewhere close it.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details[data-menu][open]");
  closeMenus(null);
  menu?.querySelector("summary").focus();
});

// Messages: gone when dismissed; good news goes by itself.
on("click", "[data-dismiss]", (_event, button) => button.closest("[data-toast]").remove());
const letGo = (toast) => {
  if (toast.dataset.timed || toast.classList.contains("bad")) return;
  toast.dataset.timed = "yes";
  const shown = toast.querySelector("[data-undo]") ? 20000 : 8000;
  setTimeout(() => toast.matches(":hover, :focus-within") || toast.remove(), shown);
};
const letAllGo = () => document.querySelectorAll("[data-toast]").forEach(letGo);
letAllGo();
document.addEventListener("htmx:afterSettle", letAllGo);
document.addEventListener("htmx:oobAfterSwap", letAllGo);

// Progress is told to those who listen when it has come a good step further, not every two seconds.
document.addEventListener("htmx:afterSettle", () => {
  const said = [...document.querySelectorAll("[data-announces]")].map((each) => each.dataset.announces).join(" ");
  const announcer = document.getElementById("announcer");
  if (announcer && announcer.textContent !== said) announcer.textContent = said;
});

// Forms.
on("change", "[data-submits]", (_event, field) => field.form.requestSubmit());
on("change", "[data-select-all]", (_event, all) => {
  for (const box of document.querySelectorAll(`input[name="${all.dataset.selectAll}"]`)) box.checked = all.checked;
  countChosen();
});
const countChosen = () => {
  for (const bar of document.querySelectorAll("[data-chosen]")) {
    const chosen = document.querySelectorAll(`input[name="${bar.dataset.chosen}"]:checked`).length;
    bar.classList.toggle("is-empty", chosen === 0);
    const said = bar.querySelector("[data-chosen-count]");
    if (said) said.textContent = `${chosen} selected`;
  }
};
document.addEventListener("change", countChosen);
document.addEventListener("htmx:afterSettle", countChosen);
countChosen();

on("click", "[data-copies]", async (_event, button) => {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
  const before = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = before), 2000);
});

// The share sheet of a phone, where the browser has one.
if (navigator.share) for (const button of document.querySelectorAll("[data-shares]")) button.hidden = false;
on("click", "[data-shares]", (_event, button) => {
  const text = document.getElementById(button.dataset.shares).textContent;
  navigator.share({ text }).catch(() => {}); // a person may close the sheet
});

// A filter's address names what is filled in, and no empty fields.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches(".filters")) return;
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});
document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (!target.matches(".filters")) return;
  for (const [name, value] of Object.entries(detail.parameters)) if (value === "") delete detail.parameters[name];
});

// A password is shown and hidden again.
// Hashtag sets: what the field lacks of a set is added, in a text as its last line.
on("click", "[data-adds]", (_event, button) => {
  const field = document.getElementById(button.dataset.adds);
  const present = new Set(field.value.toLowerCase().match(/[#＃][^\s#＃,]+/gu) ?? []);
  const added = button.dataset.hashtags.trim().split(" ").filter((tag) => !present.has(tag.toLowerCase()));
  if (!added.length) return;
  const before = field.value.trimEnd();
  const isTags = !before || /(^|\n)[#＃][^\n]*$/u.test(before);
  field.value = before + (before ? (isTags ? " " : "\n\n") : "") + added.join(" ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

on("click", "[data-reveals]", (_event, button) => {
  const field = document.getElementById(button.dataset.reveals);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", shown);
  button.textContent = shown ? "Hide" : "Show";
});

// Chosen files by name, pictures with a thumbnail.
on("change", "[data-drop] input", (_event, input) => {
  const list = input.parentElement.querySelector("[data-drop-chosen]");
  list.replaceChildren(...[...input.files].map((file) => {
    const item = document.createElement("li");
    if (file.type.startsWith("image/")) {
      const image = new Image(48, 48);
      image.alt = "";
      image.src = URL.createObjectURL(file);
      image.onload = () => URL.revokeObjectURL(image.src);
      item.append(image);
    }
    item.append(`${file.name}, ${(file.size / 1e6).toFixed(1)} MB`);
    return item;
  }));
});
on("dragover", "[data-drop]", (_event, place) => place.classList.add("is-over"));
for (const end of ["dragleave", "drop"]) on(end, "[data-drop]", (_event, place) => place.classList.remove("is-over"));

const unsaved = new Set();
on("input", "form[data-guard]", (_event, form) => unsaved.add(form));
on("submit", "form[data-guard]", (_event, form) => unsaved.delete(form));
on("autosaved", "form[data-guard]", (_event, form) => unsaved.delete(form));
window.addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

// Keys: / goes to the search, Ctrl+S (or Cmd+S) saves, Z undoes what the message names.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing) {
    const search = document.querySelector("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
  if (event.key === "z" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    document.querySelector("[data-undo]")?.requestSubmit();
  }
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
    const button = document.querySelector("form[data-guard] [data-saves]");
    if (button) {
      event.preventDefault();
      button.click();
    }
  }
});

// The board: a card dragged to a column that takes it. Its menu does the same by keyboard.
let dragged = null;
const takes = (column) => dragged && (dragged.dataset.moves ?? "").split(" ").includes(column.dataset.column);
on("dragstart", "[data-card]", (event, card) => {
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.card);
  card.classList.add("is-dragged");
  for (const column of document.querySelectorAll("[data-column]")) column.classList.toggle("takes", takes(column));
});
on("dragend", "[data-card]", (_event, card) => {
  dragged = null;
  card.classList.remove("is-dragged");
  for (const column of document.querySelectorAll("[data-column]")) column.classList.remove("takes", "is-over");
});
on("dragover", "[data-column]", (event, column) => {
  if (!takes(column)) return;
  event.preventDefault();
  column.classList.add("is-over");
});
on("dragleave", "[data-column]", (event, column) => {
  if (!column.contains(event.relatedTarget)) column.classList.remove("is-over");
});
on("drop", "[data-column]", (event, column) => {
  if (!takes(column)) return;
  event.preventDefault();
  const { card } = dragged.dataset;
  const button = dragged.querySelector(`button[name="to"][value="${column.dataset.column}"]`);
  if (card && button) button.form.requestSubmit(button);
});

// It opens on the first column with work.
const board = document.querySelector("[data-board]");
if (board) {
  const column = board.querySelector(`[data-column="${board.dataset.board}"]`);
  board.scrollLeft = column.offsetLeft - board.firstElementChild.offsetLeft;
}

// The calendar: a planned publication dragged to another day or hour, or moved there by Shift and an arrow key. Its
// own form does the same, and is what is sent: the desk refuses what lies in the past.
let going = null;
const moveTo = (entry, day, time) => {
  const form = entry.querySelector("form");
  form.elements.day.value = day;
  form.elements.time.value = time;
  form.requestSubmit(form.querySelector('button[value="exact"]'));
};
on("dragstart", "[data-going]", (event, entry) => {
  going = entry;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", entry.dataset.going);
  entry.classList.add("is-dragged");
});
on("dragend", "[data-going]", (_event, entry) => {
  going = null;
  entry.classList.remove("is-dragged");
  for (const place of document.querySelectorAll("[data-drop-day].is-over")) place.classList.remove("is-over");
});
on("dragover", "[data-drop-day]", (event, place) => {
  if (!going) return;
  event.preventDefault();
  place.classList.add("is-over");
});
on("dragleave", "[data-drop-day]", (event, place) => {
  if (!place.contains(event.relatedTarget)) place.classList.remove("is-over");
});
on("drop", "[data-drop-day]", (event, place) => {
  if (!going) return;
  event.preventDefault();
  const { day, time } = going.querySelector("form").elements;
  const hour = place.dataset.dropHour;
  const wanted = hour ? `${hour}:${time.value.slice(3)}` : time.value;
  if (day.value !== place.dataset.dropDay || time.value !== wanted) moveTo(going, place.dataset.dropDay, wanted);
});
const STEPS = { ArrowLeft: -24, ArrowRight: 24, ArrowUp: -1, ArrowDown: 1 };
document.addEventListener("keydown", (event) => {
  const entry = event.target.closest?.("[data-going]");
  if (!entry || !event.shiftKey || !(event.key in STEPS) || event.target.closest("input")) return;
  event.preventDefault();
  const { day, time } = entry.querySelector("form").elements;
  const at = new Date(`${day.value}T${time.value}:00Z`); // a clock time: no zone of the browser's comes into it
  at.setUTCHours(at.getUTCHours() + STEPS[event.key]);
  const said = at.toISOString();
  moveTo(entry, said.slice(0, 10), said.slice(11, 16));
});

// A time of the workspace, with the reader's own where their zone is another.
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const clockHere = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", weekday: "short" });
const sayOwn = () => {
  for (const time of document.querySelectorAll("time[data-own]")) {
    time.removeAttribute("data-own");
    const offset = /Z$/.test(time.dateTime) ? 0 : parseOffset(time.dateTime);
    const at = new Date(time.dateTime);
    if (offset !== -at.getTimezoneOffset()) time.insertAdjacentText("afterend", ` (${clockHere.format(at)} in ${own})`);
  }
};
const parseOffset = (written) => {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(written);
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};
sayOwn();
document.addEventListener("htmx:afterSettle", sayOwn);

// From a draft back to the page one came from: its list, its filter, its day.
const back = document.querySelector("[data-back]");
if (!location.pathname.startsWith("/content/")) {
  sessionStorage.setItem("pressroom-back", JSON.stringify([location.pathname + location.search, document.title.split(" · ")[0]]));
} else if (back && sessionStorage.getItem("pressroom-back")) {
  const [address, title] = JSON.parse(sessionStorage.getItem("pressroom-back"));
  back.href = address;
  back.lastChild.textContent = title;
}
