// The words of the page as an app, and embedded.

export const APP = {
  kept: "This page is kept by your browser and works without a network.",
  updated: "A newer version of this page is ready.",
  reload: "Load it",
  whole: "Open the whole page",
};
