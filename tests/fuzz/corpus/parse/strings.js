"use strict"; "\x41\u{1F600}\ud83d\ude00\0\
"; '\8'