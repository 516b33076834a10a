console.log('effect');
export type Nothing = 1;
