// An address that came from outside. Only one of the web becomes a link, and the site behind it learns nothing of this page.

export function WebLink({ address }: { address: string }) {
  if (!/^https?:\/\//i.test(address)) return <span className="wrap">{address}</span>;
  return (
    <a className="wrap" href={address} target="_blank" rel="noopener noreferrer">
      {address}
    </a>
  );
}
