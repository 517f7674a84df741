# Makes frame.csv, the synthetic respondents that survey.R and base.R compute on. Run from the root: Rscript tests/oracle/frame.R
# 4 strata, 26 clusters of unequal size, three groups that share clusters, unequal weights, answers that clusters make alike.
suppressWarnings(RNGversion("4.2.0"))
set.seed(1924)

sizes <- c(4, 11, 7, 19, 3, 9, 6, 14, 5, 8, 12, 10, 3, 16, 9, 7, 13, 5, 21, 6, 8, 4, 12, 9, 11, 8)
cluster <- rep(seq_along(sizes), sizes)
stratum <- c(1, 2, 3, 4)[findInterval(cluster, c(1, 8, 13, 20))]
n <- length(cluster)
pull <- rnorm(length(sizes), sd = 0.5)[cluster]
group <- ifelse(runif(n) < plogis(pull), "a", ifelse(runif(n) < 0.7, "b", "c"))
share <- as.integer(runif(n) < plogis(-0.4 + pull + 0.6 * (group == "a")))
rare <- as.integer(runif(n) < ifelse(group == "c", 0, 0.05))
score <- pmin(pmax(round(3 + pull + 0.3 * (group == "a") + rnorm(n)), 1), 5)
share[runif(n) < 0.08] <- NA
score[runif(n) < 0.06] <- NA
weight <- round(exp(rnorm(n, sd = 0.5)), 3)

frame <- data.frame(cluster, stratum, weight, group, share, rare, score)[sample(n), ]
file <- "tests/oracle/frame.csv"
writeLines(paste("# frame.R,", R.version.string), file)
suppressWarnings(write.table(frame, file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE, na = ""))
