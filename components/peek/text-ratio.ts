/** Device pixels for one pixel of text: more on a dense screen, and on a TV, whose letters are larger to be read from the sofa. */
const USUAL_PX = 16;

export function textRatio(): number {
  const letters = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || USUAL_PX;
  return ((window.devicePixelRatio || 1) * letters) / USUAL_PX;
}
