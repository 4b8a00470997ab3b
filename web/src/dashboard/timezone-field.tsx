/** The zone in which days and months begin: type a part of its name. */
import { useState } from "react";
import { Field } from "./field";

const OWN = Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES = [...new Set([OWN, "UTC", ...Intl.supportedValuesOf("timeZone")])];

export function TimezoneField({ timezone, setTimezone }: { timezone: string; setTimezone: (timezone: string) => void }) {
  // While it is edited the field is empty, because a list shows only what contains the field's text.
  const [draft, setDraft] = useState<string | null>(null);
  const change = (text: string) => {
    const zone = ZONES.find((name) => name.toLowerCase() === text.trim().toLowerCase());
    setDraft(zone ? null : text);
    if (zone && zone !== timezone) setTimezone(zone);
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
        />
        <datalist id="timezones">
          {ZONES.map((name) => <option key={name} value={name}>{name === OWN ? "Yours" : undefined}</option>)}
        </datalist>
      </>
    )}</Field>
  );
}
