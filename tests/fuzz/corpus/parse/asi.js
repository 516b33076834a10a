a
++b
return_
let
c
if (a) ; else b
do d; while (0) e