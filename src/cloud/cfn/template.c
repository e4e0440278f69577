/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/template.c: templates, known by the hash of their text.
 *
 * Stacks of one text share it: its pieces, each of which fits a row, and what was read of it, which
 * stays in memory as long as there is room.
 */
#include "base/buf.h"
#include "base/hash.h"
#include "cloud/cfn/internal.h"

#define PIECE_BYTES ((size_t)100000)

/* --- in the store ------------------------------------------------------------------------ */

/* At most PIECE_BYTES, ended where a character ends. */
static str
next_piece(str text)
{
	size_t len = text.len < PIECE_BYTES ? text.len : PIECE_BYTES;

	while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	return str_sub(text, 0, len);
}

static str
template_partition(const struct cfn_stack *s, str hash)
{
	return str_fmt(s->c->a, STR_FMT "#" STR_FMT, STR_ARG(stack_partition(s->c, "template")),
	    STR_ARG(hash));
}

static bool
put_pieces(struct cfn_stack *s, str partition, str text, struct err *err)
{
	for (int i = 0; text.len > 0; i++) {
		str piece = next_piece(text);
		struct json *row = row_new(s->c, partition, str_fmt(s->c->a, "%03d", i));

		json_put_str(s->c->a, row, "piece", piece);
		if (!row_put(s->c, row, err))
			return false;
		text = str_from(text, piece.len);
	}
	return true;
}

bool
stack_put_template(struct cfn_stack *s, const struct cfn_source *source, struct err *err)
{
	struct arena *a = s->c->a;
	str partition = template_partition(s, source->hash);
	uint64_t pieces;

	json_put_str(a, s->row, "template", source->hash);
	json_put_str(a, s->row, "ref2", partition);
	json_put_str(a, s->row, "refSort2", s->key);
	return row_count(s->c, partition, &pieces, err) &&
	    (pieces > 0 || put_pieces(s, partition, source->text, err));
}

static bool
add_piece(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct buf *b = (struct buf *)cookie;

	(void)c;
	(void)err;
	buf_add(b, json_str(json_get(row->body, "piece")));
	return true;
}

bool
stack_template_text(struct cfn_stack *s, str *out, struct err *err)
{
	struct store_query q = { .hash = template_partition(s, stack_text(s, "template")) };
	struct buf b = buf_in(s->c->a);

	if (!row_each(s->c, &q, add_piece, &b, err))
		return false;
	*out = buf_str(&b);
	return true;
}

bool
stack_drop_template(struct cfn_stack *s, struct err *err)
{
	str partition = template_partition(s, stack_text(s, "template"));
	struct store_query others = {
		.index = S("byRef2"), .hash = partition, .brief = true, .limit = 1
	};
	struct store_page page;

	return row_query(s->c, &others, &page, err) &&
	    (page.count > 0 || row_del_all(s->c, &(struct store_query){ .hash = partition }, err));
}

/* --- read -------------------------------------------------------------------------------- */

static bool
parse(struct arena *a, str text, const void **out, struct err *err)
{
	struct cfn_template *t = arena_new(a, struct cfn_template, 1);

	*out = t;
	return cfn_template_parse(a, str_dup(a, text), t, NULL, err);
}

static bool
make_of_source(struct call *c, struct arena *a, const void *from, const void **out, struct err *err)
{
	const struct cfn_source *source = from;

	(void)c;
	return parse(a, source->text, out, err);
}

static bool
make_of_stack(struct call *c, struct arena *a, const void *from, const void **out, struct err *err)
{
	struct cfn_stack s = *(const struct cfn_stack *)from;
	str text;

	(void)c;
	return stack_template_text(&s, &text, err) && parse(a, text, out, err);
}

static bool
find(struct call *c, str hash, memo_make *make, const void *from, const struct cfn_template **out,
    struct err *err)
{
	const void *found;

	if (!memo_get(
		c, str_cat(c->a, S("cloudformation/template/"), hash), make, from, &found, err))
		return false;
	*out = found;
	return true;
}

bool
source_parse(struct call *c, struct cfn_source *source, struct err *err)
{
	source->hash = sha256_hex(c->a, source->text);
	return find(c, source->hash, make_of_source, source, &source->t, err);
}

bool
stack_template(struct cfn_stack *s, const struct cfn_template **out, struct err *err)
{
	return find(s->c, stack_text(s, "template"), make_of_stack, s, out, err);
}
