// Review mode: one draft after the other by keys, buttons or swipes. The page holds the ids of all drafts; an idea is
// loaded while the one before it is read. Every change goes through the outbox, so that nothing waits for the desk.

import { Outbox, ask, element } from "./outbox.js";

const root = document.getElementById("review");
const shelf = root.querySelector(".review-ideas");
const queue = JSON.parse(root.dataset.left).flatMap(([idea, drafts]) => drafts.map(([id, state]) => ({ id, idea, state })));
const ideas = [...new Set(queue.map((draft) => draft.idea))];
const sections = new Map();
const undone = []; // what Z takes back, the latest last: {draft, change, says}
let at = -1;
let editing = null; // {card, base}: the draft whose form is open

const DONE = new Set(["ready", "rejected", "published"]);
const cardOf = (id) => document.getElementById(`draft-${id}`);
const faceOf = (card) => card.querySelector("[data-face]");
const find = (id) => queue.find((draft) => draft.id === id);
const onPhone = matchMedia("(max-width: 52rem)");

// What is said: in a toast, with a way to take it back, and to those who listen.
const say = (text, { bad = false, undo = false } = {}) => {
  for (const old of document.querySelectorAll("#toasts [data-review]")) old.remove();
  const toast = document.createElement("div");
  toast.className = `toast ${bad ? "bad" : "good"}`;
  toast.dataset.toast = toast.dataset.review = "";
  toast.append(Object.assign(document.createElement("p"), { textContent: text }));
  if (undo) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Undo" });
    button.className = "button quiet small";
    button.dataset.act = "undo";
    toast.append(button);
  }
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), bad ? 20000 : 10000);
};

const outbox = new Outbox(root.dataset.owner, {
  saved(entry, face) {
    const card = cardOf(entry.draft);
    const refused = face.dataset.refused;
    if (card) putFace(card, face);
    const draft = find(entry.draft);
    if (draft) draft.state = face.dataset.state;
    if (refused) say(`Saved, not approved. ${refused}`, { bad: true });
    paint();
  },
  conflict(entry, html) {
    const draft = find(entry.draft);
    const old = cardOf(entry.draft);
    if (old) old.replaceWith(prepared(element(html)));
    if (draft) draft.state = faceOf(cardOf(draft.id) ?? element(html)).dataset.state;
    if (editing?.card === old) editing = null;
    say("It was changed meanwhile: read it again.", { bad: true });
    if (draft === queue[at]) go(at);
    else paint();
  },
  async refused(entry, status, html, elsewhere) {
    if (elsewhere) return say("You are signed out. Your changes are kept on this device: sign in again.", { bad: true });
    document.getElementById("toasts").insertAdjacentHTML("beforeend", html);
    await reload(entry.draft).catch(() => {});
  },
  state({ waiting, offline }) {
    const place = root.querySelector("[data-outbox]");
    const sending = place.textContent && waiting ? `Sending ${waiting}` : "";
    const said = offline ? `Offline: ${waiting} kept on this device` : sending;
    if (place.textContent !== said) place.textContent = said;
  },
});

// A card as it comes from the desk, with what was typed here and is not there yet.
const prepared = (card) => {
  const face = faceOf(card);
  for (const name of ["version", "base", "state"]) card.dataset[name] = face.dataset[name];
  const typed = outbox.typed(card.dataset.draft);
  const form = card.querySelector("form");
  if (typed && form && !card.dataset.conflict) fill(form, typed);
  if (card.dataset.conflict === "mine") card.classList.add("is-edited");
  return card;
};
const fill = (form, fields) => {
  const left = new Map();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);
  for (const input of form.elements) if (left.get(input.name)?.length) input.value = left.get(input.name).shift();
};
const putFace = (card, face) => {
  faceOf(card).replaceWith(face);
  for (const name of ["version", "base", "state"]) card.dataset[name] = face.dataset[name];
  card.querySelector("[data-saved]").textContent = card.classList.contains("is-edited") ? "Saved" : "";
};
const reload = async (id) => {
  const { status, html } = await ask(`/review/drafts/${id}`);
  if (status !== 200) return;
  const draft = find(id);
  cardOf(id)?.replaceWith(prepared(element(html)));
  if (draft) draft.state = cardOf(id)?.dataset.state ?? draft.state;
  if (draft === queue[at]) go(at);
  paint();
};

// Ideas come once, the next one before it is needed.
const load = (idea) => {
  if (!idea) return null;
  if (!sections.has(idea)) sections.set(idea, fetchIdea(idea).catch((error) => (sections.delete(idea), Promise.reject(error))));
  return sections.get(idea);
};
const fetchIdea = async (idea) => {
  const { status, html } = await ask(`/review/ideas/${idea}?day=${root.dataset.day}`);
  if (status !== 200) throw new Error(`HTTP ${status}`);
  const section = element(html);
  section.hidden = true;
  section.querySelectorAll("[data-draft]").forEach(prepared);
  shelf.append(section);
  window.htmx?.process(section);
  return section;
};

const go = async (place) => {
  if (place < 0) return;
  stopEditing();
  if (place >= queue.length) return finish();
  const draft = queue[place];
  let section;
  try {
    section = await load(draft.idea);
  } catch {
    return say("The next idea can't be loaded without a network. Your changes are kept on this device.", { bad: true });
  }
  at = place;
  for (const other of shelf.children) other.hidden = other !== section;
  shelf.querySelector("[data-end]")?.remove();
  for (const card of shelf.querySelectorAll("[data-draft]")) {
    if (card.dataset.draft === draft.id) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
  }
  const card = cardOf(draft.id);
  if (!card) return reloadQueue();
  card.focus({ preventScroll: true });
  if (onPhone.matches || draft.idea !== queue[place - 1]?.idea) section.scrollIntoView({ block: "start", behavior: "instant" });
  else card.scrollIntoView({ block: "nearest", behavior: "instant" });
  history.replaceState(null, "", `/review?day=${root.dataset.day}&idea=${draft.idea}`);
  load(ideas[ideas.indexOf(draft.idea) + 1])?.catch(() => {});
  paint();
};
const reloadQueue = () => location.assign(`/review?day=${root.dataset.day}`);
const next = () => {
  const open = (draft, place) => !DONE.has(draft.state) && place !== at;
  const after = queue.findIndex((draft, place) => place > at && open(draft, place));
  go(after >= 0 ? after : queue.findIndex(open) >= 0 ? queue.findIndex(open) : queue.length);
};
const toIdea = (step) => {
  const place = ideas.indexOf(queue[Math.min(at, queue.length - 1)]?.idea) + step;
  if (place >= ideas.length) return go(queue.length);
  if (place >= 0) go(queue.findIndex((draft) => draft.idea === ideas[place]));
};
const finish = async () => {
  at = queue.length;
  await outbox.flush();
  const { status, html } = await ask(`/review/end?day=${root.dataset.day}`).catch(() => ({ status: 0 }));
  if (status !== 200) return say("What comes next can't be loaded without a network.", { bad: true });
  for (const section of shelf.children) section.hidden = true;
  shelf.querySelector("[data-end]")?.remove();
  const end = element(html);
  shelf.append(end);
  window.htmx?.process(end);
  (end.querySelector("[data-plan]") ?? end).focus();
  paint();
};

// Where one is.
const paint = () => {
  const count = (state) => queue.filter((draft) => draft.state === state).length;
  const done = queue.filter((draft) => DONE.has(draft.state)).length;
  const [approved, rejected] = [count("ready"), count("rejected")];
  root.querySelector("[data-at]").textContent = at < queue.length ? `${at + 1} of ${queue.length}` : `${done} of ${queue.length}`;
  root.querySelector("[data-tally]").textContent = [approved && `${approved} approved`, rejected && `${rejected} rejected`].filter(Boolean).join(", ");
  root.querySelector("[data-bar]").value = done;
  for (const card of shelf.querySelectorAll("[data-draft]")) card.dataset.state = find(card.dataset.draft)?.state ?? card.dataset.state;
};

// Changes.
const fieldsOf = (card) => [...new FormData(card.querySelector("form"))].filter(([name]) => name.startsWith("body."));
const change = (card, wanted, wait) =>
  outbox.add({ draft: card.dataset.draft, version: card.dataset.version, base: card.dataset.base, ...wanted }, wait);
const current = () => (queue[at] ? cardOf(queue[at].id) : null);
const labelOf = (card) => faceOf(card).dataset.label;

const move = (card, to, note, said) => {
  const draft = find(card.dataset.draft);
  const typed = editing?.card === card && editing.typed ? fieldsOf(card) : null;
  stopEditing();
  undone.push({ draft: draft.id, change: { to: "reviewed" }, says: `${labelOf(card)}: undone.` });
  draft.state = to;
  change(card, { to, note, fields: typed });
  say(said, { undo: true });
  next();
};
const approve = (card) => {
  if (card.dataset.conflict === "mine") return say("Choose a text first: yours or theirs.", { bad: true });
  if (Number(faceOf(card).dataset.broken) && !(editing?.card === card && editing.typed)) {
    return say("It breaks a rule: edit it first (E).", { bad: true });
  }
  if (find(card.dataset.draft).state !== "ready") move(card, "ready", "", `${labelOf(card)}: approved.`);
  else next();
};
const reject = async (card) => {
  const reason = await asked("review-reject");
  if (reason !== null) move(card, "rejected", reason, `${labelOf(card)}: rejected.`);
};
const rewrite = async (card) => {
  if (!card.querySelector('[data-act="rewrite"]')) return;
  const typed = editing?.card === card && editing.typed;
  if (typed) stopEditing();
  const wish = await asked("review-rewrite");
  if (wish === null) return;
  await outbox.flush(); // what was typed is what is rewritten
  const fields = [["wish", wish], ["key", crypto.randomUUID?.() ?? String(Math.random()).slice(2)]];
  const answer = await ask(`/review/drafts/${card.dataset.draft}/suggestions`, fields).catch(() => null);
  if (!answer) return say("A rewrite needs the network.", { bad: true });
  if (answer.status >= 400) return document.getElementById("toasts").insertAdjacentHTML("beforeend", answer.html);
  const part = element(answer.html);
  cardOf(card.dataset.draft)?.querySelector("[data-suggestion]").replaceWith(part);
  window.htmx?.process(part);
  say(`${labelOf(card)}: being rewritten. You can go on.`);
};
const decide = async (card, act, id = card.querySelector("[data-suggestion]")?.dataset.suggestion) => {
  if (!id) return;
  if (editing?.card === card) stopEditing();
  await outbox.flush();
  const { version, base } = card.dataset;
  const address = `/review/drafts/${card.dataset.draft}/suggestions/${id}`;
  const { status, html } = await ask(address, [["act", act], ["version", version]]).catch(() => ({ status: 0, html: "" }));
  if (status !== 200) {
    document.getElementById("toasts").insertAdjacentHTML("beforeend", html);
    return reload(card.dataset.draft);
  }
  const fresh = prepared(element(html));
  card.replaceWith(fresh);
  window.htmx?.process(fresh);
  find(fresh.dataset.draft).state = fresh.dataset.state;
  if (act === "take") undone.push({ draft: fresh.dataset.draft, change: { number: base }, says: `${labelOf(fresh)}: the text before is back.` });
  if (act === "dismiss") undone.push({ draft: fresh.dataset.draft, restore: id, says: "The suggestion is back." });
  if (act !== "restore") say(act === "take" ? "The suggestion is taken." : "The suggestion is dismissed.", { undo: true });
  go(at);
};
const reopen = (card) => {
  find(card.dataset.draft).state = "reviewed";
  change(card, { to: "reviewed" });
  paint();
};
const undo = () => {
  const last = undone.pop();
  if (!last) return say("There is nothing to undo.");
  const draft = find(last.draft);
  if (last.restore) return go(queue.indexOf(draft)).then(() => decide(cardOf(draft.id), "restore", last.restore));
  outbox.add({ draft: draft.id, version: cardOf(draft.id)?.dataset.version, base: cardOf(draft.id)?.dataset.base, ...last.change });
  if (last.change.to) draft.state = last.change.to;
  say(last.says);
  go(queue.indexOf(draft));
  if (last.change.number) outbox.flush().then(() => reload(draft.id));
};

const edit = (card) => {
  const form = card.querySelector("form");
  if (!form?.querySelector("[data-fields]")) return say("It can't be edited in this state.", { bad: true });
  editing = { card, base: card.dataset.base, typed: false };
  card.classList.add("is-edited");
  form.querySelector("[data-fields] :is(textarea, input)")?.focus();
};
const stopEditing = () => {
  if (!editing) return;
  const { card, typed, base } = editing;
  if (typed) undone.push({ draft: card.dataset.draft, change: { number: base }, says: `${labelOf(card)}: the text before is back.` });
  card.classList.remove("is-edited");
  editing = null;
};
root.addEventListener("input", (event) => {
  const card = event.target.closest("[data-draft]");
  if (!card || !event.target.name?.startsWith("body.") || card.dataset.conflict) return;
  typedIn(card);
});
const typedIn = (card) => {
  if (editing?.card !== card) edit(card);
  editing.typed = true;
  card.querySelector("[data-saved]").textContent = "Saving…";
  change(card, { fields: fieldsOf(card) }, 700);
};
document.addEventListener("htmx:afterSwap", (event) => {
  const card = event.target.closest?.("[data-draft]");
  if (card && event.target.matches("[data-fields]")) typedIn(card); // a row more, or one less
});

// A question of a dialog: the chip that was chosen, or the words of one's own; null when it was closed.
const asked = (id) =>
  new Promise((done) => {
    const dialog = document.getElementById(id);
    const form = dialog.querySelector("[data-asks]");
    let answer = null;
    form.onsubmit = (event) => (answer = event.submitter?.value || form.elements.own.value.trim());
    dialog.onclose = () => {
      form.reset();
      current()?.focus({ preventScroll: true });
      done(answer);
    };
    dialog.showModal();
    form.querySelector("[data-chip]").focus();
  });

const ACTS = {
  approve, reject, edit, rewrite, reopen, undo,
  take: (card) => decide(card, "take"),
  dismiss: (card) => decide(card, "dismiss"),
  done: () => { stopEditing(); current()?.focus(); },
  keys: () => document.getElementById("review-keys").showModal(),
  mine: (card) => {
    delete card.dataset.conflict;
    change(card, { fields: fieldsOf(card), version: card.dataset.version, base: card.dataset.base });
    outbox.flush().then(() => reload(card.dataset.draft));
  },
  theirs: (card) => {
    outbox.drop(card.dataset.draft);
    reload(card.dataset.draft);
  },
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  const card = event.target.closest("[data-draft]");
  if (card && queue[at]?.id !== card.dataset.draft && !button) go(queue.indexOf(find(card.dataset.draft)));
  if (!button || !(button.dataset.act in ACTS)) return;
  event.preventDefault();
  if (card && find(card.dataset.draft)) at = queue.indexOf(find(card.dataset.draft));
  ACTS[button.dataset.act](card);
});

// Keys.
const KEYS = {
  a: () => current() && approve(current()), x: () => current() && reject(current()), e: () => current() && edit(current()),
  r: () => current() && rewrite(current()), t: () => current() && decide(current(), "take"), d: () => current() && decide(current(), "dismiss"),
  j: () => go(at + 1), k: () => go(at - 1), J: () => toIdea(1), K: () => toIdea(-1), z: undo, "?": ACTS.keys,
};
const keysOn = root.querySelector("[data-keys-on]");
keysOn.checked = localStorage.getItem("pressroom-keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("pressroom-keys", keysOn.checked ? "on" : "off"));
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select");
  const dialog = event.target.closest("dialog");
  if (typing && editing && event.key === "Escape") return ACTS.done();
  if (typing && editing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) return approve(editing.card);
  if (event.ctrlKey || event.metaKey || event.altKey || !keysOn.checked || typing) return;
  if (dialog) return void dialog.querySelector(`[data-chip="${event.key}"]`)?.click();
  const act = KEYS[event.key] ?? KEYS[event.shiftKey ? "" : event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

// A thumb: to the left is the next draft, to the right the one before.
let began = null;
root.addEventListener("touchstart", (event) => {
  began = event.touches.length === 1 && !event.target.closest("textarea, input") ? event.touches[0] : null;
}, { passive: true });
root.addEventListener("touchend", (event) => {
  if (!began) return;
  const [x, y] = [event.changedTouches[0].clientX - began.clientX, event.changedTouches[0].clientY - began.clientY];
  began = null;
  if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) go(x < 0 ? at + 1 : at - 1);
}, { passive: true });

// How many drafts "Plan" plans follows the channels.
root.addEventListener("change", (event) => {
  const form = event.target.closest("[data-end] form");
  if (!form) return;
  const chosen = [...form.querySelectorAll("[data-count]:checked")];
  form.querySelector("[data-plan-count]").textContent = chosen.reduce((sum, box) => sum + Number(box.dataset.count), 0);
});

if (queue.length) {
  const first = shelf.querySelector("[data-idea]");
  sections.set(first.dataset.idea, Promise.resolve(first));
  outbox.start().then(() => {
    first.querySelectorAll("[data-draft]").forEach(prepared);
    const open = queue.findIndex((draft) => draft.idea === first.dataset.idea && !DONE.has(draft.state));
    go(Math.max(open, 0));
  });
}
