/* SPDX-License-Identifier: Apache-2.0 */
/* Two streams into memory: what a command prints, and what it complains of. */
#pragma once

#include "check.h"

struct streams {
	FILE *out, *err;
	char *out_text, *err_text;
	size_t out_len, err_len;
};

static inline void
streams_open(struct streams *s)
{
	*s = (struct streams){ 0 };
	s->out = open_memstream(&s->out_text, &s->out_len);
	s->err = open_memstream(&s->err_text, &s->err_len);
	assert_non_null(s->out);
	assert_non_null(s->err);
}

/* The texts, in a; the streams are gone. */
static inline void
streams_close(struct streams *s, struct arena *a, str *out, str *err)
{
	fclose(s->out);
	fclose(s->err);
	*out = str_dup(a, (str){ s->out_text, s->out_len });
	*err = str_dup(a, (str){ s->err_text, s->err_len });
	free(s->out_text);
	free(s->err_text);
}
