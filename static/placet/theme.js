/* Applies the reader's theme before the first paint. Without it the system's choice holds. */
(function () {
  "use strict";
  try {
    var theme = window.localStorage.getItem("placet-theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.setAttribute("data-bs-theme", theme);
    }
  } catch (error) {
    /* Storage is closed: the system's choice holds. */
  }
})();
