/* spare.c: see spare.h. */
#include "base/spare.h"

#include <malloc.h>

void spare_return(size_t keep)
{
#ifdef __GLIBC__
	static size_t left; /* free after the last time: for the most part parts of pages in use */
	struct mallinfo2 m = mallinfo2();

	if (m.fordblks < left)
		left = m.fordblks;
	if (m.keepcost <= keep && m.fordblks <= left + keep)
		return;
	malloc_trim(keep / 2);
	left = mallinfo2().fordblks;
#else
	(void)keep;
#endif
}
