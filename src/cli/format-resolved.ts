export function formatResolved(..._: unknown[]): string {
  return '';
}
