const SEATS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Before the first snapshot: the nine frames, dim, and one honest word. */
export function WallLoading() {
  return (
    <div className="grid min-h-0 flex-1 grid-cols-3 grid-rows-3 gap-3 p-4 max-sm:grid-cols-1" aria-busy="true">
      {SEATS.map((seat) => (
        <div
          key={seat}
          className="flex items-center justify-center rounded-tile border border-dashed border-line text-center text-muted"
        >
          {seat === '5' ? <p role="status">Asking the hub for its devices …</p> : null}
        </div>
      ))}
    </div>
  );
}
