/** Tables as text: CSV by RFC 4180 for a file, tab-separated for a sheet's clipboard. */

/** What a spreadsheet would take for a formula gets an apostrophe in front, as in the server's exports. */
function harmless(value: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
}

function cell(value: string): string {
  const safe = harmless(value);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv(header: string[], rows: string[][]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** For a sheet: tabs between cells; line breaks and tabs within a cell become spaces. */
export function toTabs(header: string[], rows: string[][]): string {
  return [header, ...rows].map((row) => row.map((value) => harmless(value).replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n");
}

/** Hands the browser a file to save. */
export function download(name: string, text: string, type: string) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
