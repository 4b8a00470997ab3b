import { type ReactNode, useId } from "react";

/** A control with its name above it. */
export function Field({ title, className = "", children }: { title: string; className?: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{title}</label>
      {children(id)}
    </div>
  );
}
