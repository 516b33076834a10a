# shm/: part of libserver.a; what `zigttp run` needs of it is libkv.a as well.
libkv_a_SOURCES = %D%/kv.c %D%/kv.h %D%/lock.c %D%/lock.h
libserver_a_SOURCES += \
	%D%/answers.c %D%/answers.h %D%/bypass.def \
	%D%/cache.c %D%/cache.h \
	%D%/deps.c %D%/deps.def %D%/deps.h \
	%D%/kv.c %D%/kv.h \
	%D%/layout.h \
	%D%/lock.c %D%/lock.h \
	%D%/region.c %D%/region.h \
	%D%/slowlog.c %D%/slowlog.h
