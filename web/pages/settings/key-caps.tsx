export function KeyCaps({ caps }: { caps: readonly string[] }) {
  return (
    <>
      {caps.map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </>
  );
}
