# shm/: part of libserver.a.
libserver_a_SOURCES += \
	%D%/layout.h \
	%D%/region.c %D%/region.h
