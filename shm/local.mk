# shm/: part of libserver.a.
libserver_a_SOURCES += \
	shm/layout.h \
	shm/region.c shm/region.h
