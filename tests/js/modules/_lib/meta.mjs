export const meta = import.meta, url = import.meta.url;
