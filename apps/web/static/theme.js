// Before the first paint: the colours chosen by hand, and that scripts run.
const theme = localStorage.getItem("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
document.documentElement.classList.add("scripted");
