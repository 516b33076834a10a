export const x = "1"; export const handlerr = 1;
