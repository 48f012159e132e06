/** The page's only door to the browser's clock and timers. */

/** Milliseconds since 1970. */
export function now(): number {
  return Date.now();
}

/** Runs once, after so many milliseconds. */
export function after(milliseconds: number, run: () => void): void {
  setTimeout(run, milliseconds);
}

/** A calendar day as a number, so that neighbouring days differ by one. Months count from 1. */
export function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** Unix seconds as the value of an `<input type="datetime-local">`, in the reader's zone. */
export function localInput(seconds: number): string {
  const at = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The way back of `localInput`; `null` for an empty or impossible value. */
export function localInputSeconds(value: string): number | null {
  const milliseconds = new Date(value).getTime();
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}
