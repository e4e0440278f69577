/* SPDX-License-Identifier: Apache-2.0 */
/* http/listen.c: where a server listens. */
#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"

static bool
read_address(
    str address, uint16_t port, struct sockaddr_storage *out, socklen_t *len, struct err *err)
{
	auto_arena a = { 0 };
	const char *z = str_z(&a, address);
	struct sockaddr_in in4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	*out = (struct sockaddr_storage){ 0 };
	if (inet_pton(AF_INET, z, &in4.sin_addr) == 1) {
		memcpy(out, &in4, sizeof(in4));
		*len = sizeof(in4);
		return true;
	}
	if (inet_pton(AF_INET6, z, &in6.sin6_addr) == 1) {
		memcpy(out, &in6, sizeof(in6));
		*len = sizeof(in6);
		return true;
	}
	return err_set(err, ERR_INVALID, STR_FMT " is no numeric IP address", STR_ARG(address));
}

int
listen_open(str text, uint16_t port, struct err *err)
{
	struct sockaddr_storage address;
	socklen_t len;
	int fd, on = 1;

	if (!read_address(text, port, &address, &len, err))
		return -1;
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, len) == 0 && listen(fd, 1024) == 0)
		return fd;
	err_set(err, errno == EADDRINUSE ? ERR_CONFLICT : ERR_IO,
	    "cannot listen at " STR_FMT ":%u: %s", STR_ARG(text), port, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

uint16_t
listen_port(int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return 0;
	return ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)&address)->sin_port
						  : ((struct sockaddr_in6 *)&address)->sin6_port);
}
