"use strict";
// Sections that the reader closed are printed all the same.
addEventListener("beforeprint", () => document.querySelectorAll("main details").forEach((one) => { one.open = true; }));
