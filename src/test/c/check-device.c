/*
 * What the header makes of texts that are given on standard input, one after another: a line with the length in bytes and the number of events,
 * the text, a line for each event with its confidences in hexadecimal. Prints the code of the text and, if it is 0, its thresholds, then exit
 * and verdict of each event. Every text is copied to memory of exactly its size, so that an address sanitiser sees what is read beyond it.
 */
#include "../../main/c/qexit_device.h"

#include <stdio.h>

int main(void) {
    char head[64];
    while (fgets(head, sizeof head, stdin) != NULL) {
        unsigned long length;
        int events;
        int exits;
        char *text;
        qexit_settings settings;
        int code;
        int q;
        if (sscanf(head, "%lu %d %d", &length, &events, &exits) != 3) {
            return 2;
        }
        text = malloc(length == 0 ? 1 : length);
        if (text == NULL || fread(text, 1, length, stdin) != length) {
            return 2;
        }
        code = qexit_read_settings(text, length, &settings);
        free(text);
        printf("%d", code);
        if (code == QEXIT_OK) {
            for (q = 0; q < (settings.exits == 0 ? 1 : settings.exits); q++) {
                printf(" %a %a", (double)settings.lower[q], (double)settings.upper[q]);
            }
        } else if (qexit_message(code)[0] == 0) {
            return 2;
        }
        while (events-- > 0) {
            int verdict = QEXIT_NEXT;
            int exit = 0;
            for (q = 0; q < exits; q++) {
                float confidence;
                if (scanf("%f", &confidence) != 1) {
                    return 2;
                }
                if (verdict == QEXIT_NEXT) {
                    exit = q + 1;
                    verdict = qexit_decide(&settings, q, exits, confidence);
                }
            }
            printf(" %d:%d", exit, verdict);
            if (events == 0) {
                int rest = getchar();
                while (rest != '\n' && rest != EOF) {
                    rest = getchar();
                }
            }
        }
        printf("\n");
    }
    return 0;
}
