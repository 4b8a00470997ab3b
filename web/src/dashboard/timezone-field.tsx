/** The zone in which days and months begin: a part of its name and Enter choose the first that has it. */
import { type KeyboardEvent, useState } from "react";
import { Field } from "./field";

const OWN = Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES = [...new Set([OWN, "UTC", ...Intl.supportedValuesOf("timeZone")])];

export function TimezoneField({ timezone, setTimezone }: { timezone: string; setTimezone: (timezone: string) => void }) {
  // While it is edited the field is empty, because a list shows only what contains the field's text.
  const [draft, setDraft] = useState<string | null>(null);
  const choose = (zone: string | undefined) => {
    if (!zone) return;
    setDraft(null);
    if (zone !== timezone) setTimezone(zone);
  };
  const change = (text: string) => {
    setDraft(text);
    choose(ZONES.find((name) => name.toLowerCase() === text.toLowerCase()));
  };
  const chooseFirst = ({ key }: KeyboardEvent) => {
    const part = draft?.trim().toLowerCase().replaceAll(" ", "_");
    if (key === "Enter" && part) choose(ZONES.find((name) => name.toLowerCase().includes(part)));
  };
  return (
    <Field title="Time zone" className="timezone">{(id) => (
      <>
        <input
          id={id}
          list="timezones"
          value={draft ?? timezone}
          placeholder={timezone}
          autoComplete="off"
          spellCheck={false}
          onFocus={() => setDraft("")}
          onBlur={() => setDraft(null)}
          onChange={({ target }) => change(target.value)}
          onKeyDown={chooseFirst}
        />
        <datalist id="timezones">
          {ZONES.map((name) => <option key={name} value={name}>{name === OWN ? "Yours" : undefined}</option>)}
        </datalist>
      </>
    )}</Field>
  );
}
