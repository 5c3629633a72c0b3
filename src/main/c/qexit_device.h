/*
 * Reads devices/<id>.json of a bundle of qexit (docs/bundle-format.md) and decides by its thresholds: C99, this header alone, no memory of its
 * own, no files. For firmware that runs the stages in a runtime of its own.
 *
 *     qexit_settings settings;
 *     int wrong = qexit_read_settings(json, length, &settings);       QEXIT_OK, or what qexit_message(wrong) says
 *     for (int q = 0; q < exits; q++) {
 *         float confidence = run_stage(q);
 *         int verdict = qexit_decide(&settings, q, exits, confidence);
 *         if (verdict != QEXIT_NEXT) break;                           QEXIT_NORMAL or QEXIT_CRITICAL
 *     }
 *
 * The text may be hostile: nothing is read beyond its length, nothing is taken that the format does not know. Comparisons are of floats.
 * Numbers are read by strtod, so LC_NUMERIC must be "C", as it is unless a program calls setlocale.
 */
#ifndef QEXIT_DEVICE_H
#define QEXIT_DEVICE_H

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define QEXIT_MAX_EXITS 64
/* Bytes of a name in UTF-8, with the zero at its end. */
#define QEXIT_MAX_NAME 256
/* Digits of a number; those that qexit writes have 25 at most. */
#define QEXIT_MAX_NUMBER 64

enum { QEXIT_NEXT = -1, QEXIT_NORMAL = 0, QEXIT_CRITICAL = 1 };

enum {
    QEXIT_OK = 0,
    QEXIT_NO_JSON,
    QEXIT_FORMAT,
    QEXIT_FIELD,
    QEXIT_TWICE,
    QEXIT_MISSING,
    QEXIT_NAME,
    QEXIT_NUMBER,
    QEXIT_THRESHOLD,
    QEXIT_EXITS
};

typedef struct {
    /* 0 for a pair, which is that of every exit; else how many exits the thresholds are for. */
    int exits;
    /* [exit], of a pair the first entry; infinities for tests that never or always fire. */
    float lower[QEXIT_MAX_EXITS];
    float upper[QEXIT_MAX_EXITS];
    char device[QEXIT_MAX_NAME];
    char model[QEXIT_MAX_NAME];
    char node[QEXIT_MAX_NAME];
    double bandwidth_hz;
    double power_watts;
    double compute_units;
    /* -1 where there is none. */
    int security_level;
} qexit_settings;

static inline const char *qexit_message(int code) {
    static const char *const messages[] = {
        "all is well",
        "the text is no JSON object",
        "format is not qexit.device/1 or qexit.device/2, or thresholds per exit stand in the first",
        "a field that the format does not know, or of another type",
        "a field stands twice",
        "a field is missing",
        "a name is blank, too long or no UTF-8",
        "a number is negative, too large or too long",
        "thresholds are not 0 <= lower <= upper <= 1, \"never\" or \"always\"",
        "more than 64 exits, or lower and upper of different lengths",
    };
    return code >= 0 && code <= QEXIT_EXITS ? messages[code] : "no such code";
}

/* What an exit, from 0, makes of a confidence. Behind the last exit an event is normal. */
static inline int qexit_decide(const qexit_settings *settings, int exit, int exits, float confidence) {
    int q = settings->exits == 0 ? 0 : exit;
    if (exit < 0 || exit >= exits || (settings->exits != 0 && exits != settings->exits)) {
        return QEXIT_NORMAL;
    }
    if (confidence <= settings->lower[q]) {
        return QEXIT_NORMAL;
    }
    if (confidence >= settings->upper[q]) {
        return QEXIT_CRITICAL;
    }
    return exit == exits - 1 ? QEXIT_NORMAL : QEXIT_NEXT;
}

typedef struct {
    const char *at;
    const char *end;
} qexit_text;

static inline void qexit_blanks(qexit_text *in) {
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r')) {
        in->at++;
    }
}

/* Takes a character, blanks before it. */
static inline int qexit_take(qexit_text *in, char c) {
    qexit_blanks(in);
    if (in->at == in->end || *in->at != c) {
        return 0;
    }
    in->at++;
    return 1;
}

static inline int qexit_hex(qexit_text *in, unsigned *code) {
    int i;
    *code = 0;
    for (i = 0; i < 4; i++, in->at++) {
        char c;
        if (in->at == in->end) {
            return 0;
        }
        c = *in->at;
        if (c >= '0' && c <= '9') {
            *code = *code * 16 + (unsigned)(c - '0');
        } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
            *code = *code * 16 + (unsigned)((c | 0x20) - 'a' + 10);
        } else {
            return 0;
        }
    }
    return 1;
}

/* Appends a code point in UTF-8; 0 if it has no place. */
static inline int qexit_append(char *to, size_t *length, unsigned code) {
    size_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    size_t i;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (code == 0 || *length + bytes >= QEXIT_MAX_NAME) {
        return 0;
    }
    for (i = bytes - 1; i > 0; i--) {
        to[*length + i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    to[*length] = (char)(first[bytes] | code);
    *length += bytes;
    return 1;
}

/* One code point of UTF-8 as it stands; 0 for what is none, overlong ones and halves of pairs included. */
static inline int qexit_utf8(qexit_text *in, unsigned *code) {
    unsigned char c = (unsigned char)*in->at++;
    int more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : -1;
    static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
    int i;
    if (more < 0 || in->end - in->at < more) {
        return 0;
    }
    *code = more == 0 ? c : c & (0x3fu >> more);
    for (i = 0; i < more; i++) {
        c = (unsigned char)*in->at++;
        if ((c & 0xc0) != 0x80) {
            return 0;
        }
        *code = *code << 6 | (c & 0x3f);
    }
    return *code >= least[more] && *code <= 0x10ffff && (*code < 0xd800 || *code > 0xdfff);
}

/* A string, its quotes included; to holds QEXIT_MAX_NAME bytes. QEXIT_NAME if it does not fit. */
static inline int qexit_string(qexit_text *in, char *to) {
    size_t length = 0;
    if (!qexit_take(in, '"')) {
        return QEXIT_FIELD;
    }
    for (;;) {
        unsigned code;
        if (in->at == in->end || (unsigned char)*in->at < 0x20) {
            return QEXIT_NO_JSON;
        }
        if (*in->at == '"') {
            in->at++;
            to[length] = 0;
            return QEXIT_OK;
        }
        if (*in->at == '\\') {
            static const char from[] = "\"\\/bfnrt";
            static const char into[] = "\"\\/\b\f\n\r\t";
            const char *known;
            if (++in->at == in->end) {
                return QEXIT_NO_JSON;
            }
            if (*in->at == 'u') {
                unsigned low;
                in->at++;
                if (!qexit_hex(in, &code)) {
                    return QEXIT_NO_JSON;
                }
                if (code >= 0xd800 && code <= 0xdbff) {
                    if (in->end - in->at < 6 || in->at[0] != '\\' || in->at[1] != 'u') {
                        return QEXIT_NAME;
                    }
                    in->at += 2;
                    if (!qexit_hex(in, &low)) {
                        return QEXIT_NO_JSON;
                    }
                    if (low < 0xdc00 || low > 0xdfff) {
                        return QEXIT_NAME;
                    }
                    code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
                } else if (code >= 0xdc00 && code <= 0xdfff) {
                    return QEXIT_NAME;
                }
            } else {
                known = *in->at == 0 ? NULL : strchr(from, *in->at);
                if (known == NULL) {
                    return QEXIT_NO_JSON;
                }
                code = (unsigned char)into[known - from];
                in->at++;
            }
        } else if (!qexit_utf8(in, &code)) {
            return QEXIT_NAME;
        }
        if (!qexit_append(to, &length, code)) {
            return QEXIT_NAME;
        }
    }
}

/* A number by JSON's grammar. */
static inline int qexit_number(qexit_text *in, double *value) {
    char digits[QEXIT_MAX_NUMBER + 1];
    size_t length = 0;
    int part;
    char *end;
    qexit_blanks(in);
    for (part = 0; part < 3; part++) {
        size_t start;
        if (part == 1 && !(in->at < in->end && *in->at == '.')) {
            continue;
        }
        if (part == 2 && !(in->at < in->end && (*in->at == 'e' || *in->at == 'E'))) {
            continue;
        }
        if (part > 0) {
            if (length == QEXIT_MAX_NUMBER) {
                return QEXIT_NUMBER;
            }
            digits[length++] = *in->at++;
        }
        if (part != 1 && in->at < in->end && (*in->at == '-' || (part == 2 && *in->at == '+'))) {
            if (length == QEXIT_MAX_NUMBER) {
                return QEXIT_NUMBER;
            }
            digits[length++] = *in->at++;
        }
        start = length;
        while (in->at < in->end && *in->at >= '0' && *in->at <= '9') {
            if (length == QEXIT_MAX_NUMBER) {
                return QEXIT_NUMBER;
            }
            digits[length++] = *in->at++;
        }
        if (length == start) {
            return part == 0 ? QEXIT_FIELD : QEXIT_NO_JSON;
        }
        if (part == 0 && length - start > 1 && digits[start] == '0') {
            return QEXIT_NO_JSON;
        }
    }
    digits[length] = 0;
    *value = strtod(digits, &end);
    return *end == 0 && isfinite(*value) ? QEXIT_OK : QEXIT_NUMBER;
}

static inline int qexit_amount(qexit_text *in, double *value) {
    int wrong = qexit_number(in, value);
    return wrong != QEXIT_OK ? wrong : *value >= 0 ? QEXIT_OK : QEXIT_NUMBER;
}

/* A threshold: a number from 0 to 1, or a word. always: what "always" is; "never" is the other infinity. */
static inline int qexit_threshold(qexit_text *in, float always, int never_allowed, int always_allowed, float *to) {
    double value;
    int wrong;
    qexit_blanks(in);
    if (in->at < in->end && *in->at == '"') {
        char word[QEXIT_MAX_NAME];
        wrong = qexit_string(in, word);
        if (wrong != QEXIT_OK) {
            return wrong;
        }
        if (never_allowed && strcmp(word, "never") == 0) {
            *to = -always;
            return QEXIT_OK;
        }
        if (always_allowed && strcmp(word, "always") == 0) {
            *to = always;
            return QEXIT_OK;
        }
        return QEXIT_THRESHOLD;
    }
    wrong = qexit_number(in, &value);
    if (wrong != QEXIT_OK) {
        return wrong;
    }
    if (!(value >= 0 && value <= 1)) {
        return QEXIT_THRESHOLD;
    }
    *to = (float)value;
    return QEXIT_OK;
}

/* A threshold (count 0) or a list of them (count its length). */
static inline int qexit_thresholds(qexit_text *in, float always, int pair_never, float *to, int *count) {
    *count = 0;
    if (!qexit_take(in, '[')) {
        return qexit_threshold(in, always, pair_never, 0, to);
    }
    do {
        int wrong;
        if (*count == QEXIT_MAX_EXITS) {
            return QEXIT_EXITS;
        }
        wrong = qexit_threshold(in, always, 1, 1, to + *count);
        if (wrong != QEXIT_OK) {
            return wrong;
        }
        ++*count;
    } while (qexit_take(in, ','));
    return qexit_take(in, ']') ? QEXIT_OK : QEXIT_NO_JSON;
}

/* As Java's String.isBlank has it for ASCII; other white space does not matter to firmware. */
static inline int qexit_is_blank(const char *name) {
    for (; *name != 0; name++) {
        if (!(*name == ' ' || (*name >= 9 && *name <= 13) || (*name >= 28 && *name <= 31))) {
            return 0;
        }
    }
    return 1;
}

/* Reads length bytes of JSON; on anything but QEXIT_OK the settings decide that every event is normal. */
static inline int qexit_read_settings(const char *json, size_t length, qexit_settings *settings) {
    static const char *const fields[] = {"format", "device", "model", "lower", "upper", "node", "bandwidthHz", "powerWatts",
                                         "computeUnits", "securityLevel"};
    enum { FIELDS = 10, REQUIRED = 9 };
    qexit_text in;
    qexit_settings read;
    char format[QEXIT_MAX_NAME];
    int seen[FIELDS] = {0};
    int lowers = 0;
    int uppers = 0;
    int q;
    memset(&read, 0, sizeof read);
    memset(settings, 0, sizeof *settings);
    read.security_level = -1;
    settings->lower[0] = INFINITY;
    settings->upper[0] = INFINITY;
    format[0] = 0;
    if (json == NULL) {
        return QEXIT_NO_JSON;
    }
    in.at = json;
    in.end = json + length;
    if (!qexit_take(&in, '{')) {
        return QEXIT_NO_JSON;
    }
    do {
        char name[QEXIT_MAX_NAME];
        double level;
        int field = 0;
        int wrong = qexit_string(&in, name);
        if (wrong == QEXIT_FIELD) {
            return QEXIT_NO_JSON;
        }
        if (wrong != QEXIT_OK) {
            return wrong;
        }
        if (!qexit_take(&in, ':')) {
            return QEXIT_NO_JSON;
        }
        while (field < FIELDS && strcmp(name, fields[field]) != 0) {
            field++;
        }
        if (field == FIELDS) {
            return QEXIT_FIELD;
        }
        if (seen[field]++) {
            return QEXIT_TWICE;
        }
        switch (field) {
        case 0: wrong = qexit_string(&in, format); break;
        case 1: wrong = qexit_string(&in, read.device); break;
        case 2: wrong = qexit_string(&in, read.model); break;
        case 3: wrong = qexit_thresholds(&in, INFINITY, 0, read.lower, &lowers); break;
        case 4: wrong = qexit_thresholds(&in, -INFINITY, 1, read.upper, &uppers); break;
        case 5: wrong = qexit_string(&in, read.node); break;
        case 6: wrong = qexit_amount(&in, &read.bandwidth_hz); break;
        case 7: wrong = qexit_amount(&in, &read.power_watts); break;
        case 8: wrong = qexit_amount(&in, &read.compute_units); break;
        default:
            qexit_blanks(&in);
            if (in.end - in.at >= 4 && memcmp(in.at, "null", 4) == 0) {
                in.at += 4;
                break;
            }
            wrong = qexit_amount(&in, &level);
            if (wrong == QEXIT_OK && (level > 1000000 || level != (double)(int)level)) {
                wrong = QEXIT_NUMBER;
            }
            if (wrong == QEXIT_OK) {
                read.security_level = (int)level;
            }
        }
        if (wrong != QEXIT_OK) {
            return wrong;
        }
    } while (qexit_take(&in, ','));
    if (!qexit_take(&in, '}')) {
        return QEXIT_NO_JSON;
    }
    qexit_blanks(&in);
    if (in.at != in.end) {
        return QEXIT_NO_JSON;
    }
    for (q = 0; q < REQUIRED; q++) {
        if (!seen[q]) {
            return QEXIT_MISSING;
        }
    }
    if (strcmp(format, "qexit.device/2") != 0 && (strcmp(format, "qexit.device/1") != 0 || lowers != 0)) {
        return QEXIT_FORMAT;
    }
    if (qexit_is_blank(read.device) || qexit_is_blank(read.model) || qexit_is_blank(read.node)) {
        return QEXIT_NAME;
    }
    if (lowers != uppers) {
        return QEXIT_EXITS;
    }
    for (q = 0; q < (lowers == 0 ? 1 : lowers); q++) {
        if (!(read.lower[q] <= read.upper[q])) {
            return QEXIT_THRESHOLD;
        }
    }
    read.exits = lowers;
    *settings = read;
    return QEXIT_OK;
}

#endif
