/** The fate of a batch: which records it takes, its event bytes, its attempts, its outcome. */
package dev.sluice.dispatch;
