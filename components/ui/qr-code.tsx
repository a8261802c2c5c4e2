/** QrCode: a text as a QR code, black on white in every theme, because cameras expect it so. <QrCode text={token} label="Join token" /> */
import { encode } from 'uqr';

interface QrCodeProps {
  text: string;
  /** What it holds, read out. */
  label: string;
  /** Pixels a side; 232 if absent. */
  size?: number;
}

const QUIET_MODULES = 4;

export function QrCode({ text, label, size = 232 }: QrCodeProps) {
  const { data } = encode(text, { border: QUIET_MODULES });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .filter(Boolean)
    .join('');
  return (
    <svg
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`0 0 ${data.length} ${data.length}`}
      shapeRendering="crispEdges"
      className="max-w-full rounded-ctl forced-color-adjust-none"
    >
      <path d={`M0 0h${data.length}v${data.length}h-${data.length}z`} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
