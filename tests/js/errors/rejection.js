// A promise that nobody handles ends the script with its error.
// expect: first
console.log('first');
Promise.reject(new RangeError('unhandled'));       // expect throw: RangeError: unhandled
