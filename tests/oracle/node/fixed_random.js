// Makes node's random bytes known: every one that is asked for is its place, 0, 1, 2 ...
'use strict';

const crypto = require('crypto');

function fill(buffer, offset = 0, size = buffer.length - offset) {
  for (let place = 0; place < size; place++) {
    buffer[offset + place] = place;
  }
  return buffer;
}

crypto.randomFillSync = fill;
crypto.randomBytes = (size, callback) => {
  const buffer = fill(Buffer.alloc(size));
  if (callback) {
    callback(null, buffer);
  }
  return buffer;
};
