/** Mistakes that are shown at a time: whoever makes more has made one of them many times. */
export const MOST_SHOWN = 100;
