(* P-matrices by signs, and the sufficient conditions of G2 (proofs/global.md, Lemma 3, G1 and G2).

   - If B is a P-matrix, x_i (B x)_i <= 0 for all i only if x = 0; over a real closed field also the converse.
   - So the map F(z) = A z + W max(z, 0) + h of a PLRNN with A = diag(a) > 0 is injective if A + W is a P-matrix (G1, the first half
     of (c) => (d)).
   - Over a real closed field B is a P-matrix if b_ii x_i > sum_(j <> i) |b_ij| x_j for all i and some x > 0, or if x^T B x > 0 for
     all x <> 0: these are behind the evidence "dominant" and "definite" of a certificate. *)

From mathcomp Require Import all_ssreflect all_fingroup all_algebra.
From Symplrnn Require Import PMatrix.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Signs.

Variables (R : realFieldType) (n : nat).
Implicit Types (B : 'M[R]_n) (x : 'cV[R]_n).

Definition sign_condition B := forall x, (forall i, x i 0 * (B *m x) i 0 <= 0) -> x = 0.

Theorem P_matrix_signs B : P_matrix B -> sign_condition B.
Proof.
move=> P x neg; pose T := [set i | x i 0 != 0].
have xT (i : 'I_#|T|) : x (enum_val i) 0 != 0 by have := enum_valP i; rewrite inE.
pose d : 'rV_#|T| := \row_i (- (B *m x) (enum_val i) 0 / x (enum_val i) 0).
have d0 i : 0 <= d 0 i.
  have -> : d 0 i = - (x (enum_val i) 0 * (B *m x) (enum_val i) 0) / x (enum_val i) 0 ^+ 2.
    by rewrite mxE -mulrN expr2 invfM mulrACA divff ?xT // mul1r.
  by rewrite divr_ge0 ?oppr_ge0 ?neg ?exprn_even_ge0.
have := P_matrix_shift (P_matrix_sub (T := T) P) d0.
pose y : 'cV_#|T| := \col_i x (enum_val i) 0.
have ker : (sub T B + diag_mx d) *m y = 0.
  apply/colP => i; rewrite mulmxDl mul_diag_mx !mxE divfK //; apply/eqP; rewrite subr_eq0; apply/eqP.
  rewrite [RHS](bigID (mem T)) /= [X in _ = _ + X]big1 ?addr0 => [|j]; last by rewrite inE negbK => /eqP->; rewrite mulr0.
  by rewrite [RHS]big_enum_val; apply: eq_bigr => j _; rewrite !mxE.
rewrite lt_neqAle => /andP[/negP det0 _]; apply/colP => i; rewrite mxE; apply/eqP/negPn/negP => xi.
case: det0; rewrite eq_sym -det_tr; apply/det0P; exists y^T; last by rewrite -trmx_mul ker trmx0.
have iT : i \in T by rewrite inE.
apply: contraNneq xi => /rowP /(_ (enum_rank_in iT i)).
by rewrite !mxE enum_rankK_in // => ->.
Qed.

End Signs.

Section Injective.

Variables (R : realFieldType) (n : nat) (a : 'rV[R]_n) (W : 'M[R]_n) (h : 'cV[R]_n).

Definition relu (z : 'cV[R]_n) := \col_i Num.max (z i 0) 0.
Definition network z := diag_mx a *m z + W *m relu z + h.

Theorem G1_injective : P_matrix (diag_mx a + W) -> (forall j, 0 < a 0 j) -> injective network.
Proof.
move=> P a0 z w /addIr eq.
pose x := relu z - relu w; pose u := x - (z - w).
have Bx : (diag_mx a + W) *m x = diag_mx a *m u.
  rewrite mulmxDl /u [in RHS]mulmxBr; congr (_ + _).
  rewrite !mulmxBr opprB; apply/eqP.
  by rewrite subr_eq addrAC -eq addrAC subrr add0r.
have x0 : x = 0.
  apply: (P_matrix_signs P) => i; rewrite Bx mul_diag_mx mxE mulrCA pmulr_rle0 //.
  rewrite !mxE; case: (leP (z i 0) 0) => zi; case: (leP (w i 0) 0) => wi; rewrite ?subrr ?mul0r ?mulr0 //.
  - by rewrite sub0r opprB addKr mulrNN mulr_ge0_le0 // ltW.
  - by rewrite subr0 opprB addrCA subrr addr0 mulr_ge0_le0 // ltW.
have uz : u = w - z by rewrite /u x0 sub0r opprB.
have u0 : diag_mx a *m u = 0 by rewrite -Bx x0 mulmx0.
apply/colP => i; have /colP/(_ i) := u0; rewrite mul_diag_mx uz !mxE => /eqP.
by rewrite mulf_eq0 gt_eqF //= subr_eq0 => /eqP.
Qed.

End Injective.

(* Over a real closed field. *)
Section Converse.

Variables (R : rcfType) (n : nat).
Implicit Type B : 'M[R]_n.

Lemma eigenvalue_column m (C : 'M[R]_m) t : eigenvalue C t -> exists2 u : 'cV_m, C *m u = t *: u & u != 0.
Proof.
have tr : char_poly C^T = char_poly C.
  rewrite /char_poly -[RHS]det_tr; congr (\det _).
  by apply/matrixP => i j; rewrite !mxE eq_sym.
rewrite eigenvalue_root_char -tr -eigenvalue_root_char => /eigenvalueP[v vC v0].
exists v^T; last by rewrite -trmx0 (inj_eq (can_inj (@trmxK _ _ _))).
by rewrite -[C]trmxK -trmx_mul vC linearZ.
Qed.

Theorem signs_P_matrix B : sign_condition B -> P_matrix B.
Proof.
move=> signs; apply/P_matrix_sets => T; apply: det_positive => t /eigenvalue_column[u Cu u0].
rewrite ltNge; apply: contra u0 => t0.
pose y : 'cV_n := \col_j \sum_(k < #|T|) (enum_val k == j)%:R * u k 0.
have yT k : y (enum_val k) 0 = u k 0.
  rewrite mxE (bigD1 k) //= eqxx mul1r big1 ?addr0 // => i ik.
  by rewrite (inj_eq enum_val_inj) (negPf ik) mul0r.
have y0 j : j \notin T -> y j 0 = 0.
  move=> jT; rewrite mxE big1 // => k _.
  by case: eqP => [eq|_]; rewrite ?mul0r //; move: jT; rewrite -eq enum_valP.
have By k : (B *m y) (enum_val k) 0 = t * u k 0.
  have /colP/(_ k) := Cu; rewrite !mxE => <-.
  rewrite (bigID (mem T)) /= [X in _ + X]big1 ?addr0 => [|j /y0->]; last by rewrite mulr0.
  by rewrite big_enum_val; apply: eq_bigr => j _; rewrite yT !mxE.
have zero : y = 0.
  apply: signs => j; have [jT|jT] := boolP (j \in T); last by rewrite y0 // mul0r.
  rewrite -(enum_rankK_in jT jT) yT By mulrCA -expr2.
  by rewrite mulr_le0_ge0 // exprn_even_ge0.
by apply/eqP/colP => k; rewrite -yT zero !mxE.
Qed.

(* The evidence "dominant". *)
Theorem dominant_P_matrix B (x : 'I_n -> R) :
  (forall i, 0 < x i) -> (forall i, \sum_(j | j != i) `|B i j| * x j < B i i * x i) -> P_matrix B.
Proof.
move=> x0 dom; apply: signs_P_matrix => y signs; apply/colP => k; rewrite mxE; apply/eqP/negPn/negP => yk.
pose size i := `|y i 0| / x i.
have [i _ max] := @arg_maxP _ _ _ k xpredT size isT.
have bound j : `|y j 0| <= size i * x j by rewrite -ler_pdivr_mulr ?x0 //; apply: max.
have yi : 0 < `|y i 0|.
  have : 0 < size i by rewrite (lt_le_trans _ (max k isT)) // divr_gt0 ?normr_gt0.
  by rewrite pmulr_lgt0 ?invr_gt0.
have := signs i; rewrite leNgt => /negP[].
rewrite mxE (bigD1 i) //= mulrDr.
have diag : y i 0 * (B i i * y i 0) = `|y i 0| * (size i * (B i i * x i)).
  have -> : size i * (B i i * x i) = B i i * `|y i 0| by rewrite /size mulrCA divfK ?lt0r_neq0.
  by rewrite mulrCA -expr2 -real_normK ?num_real // expr2 mulrCA.
have rest : - (`|y i 0| * (size i * \sum_(j | j != i) `|B i j| * x j)) <= y i 0 * \sum_(j | j != i) B i j * y j 0.
  rewrite ler_oppl -mulrN (le_trans (ler_norm _)) // normrM normrN ler_wpmul2l //.
  rewrite (le_trans (ler_norm_sum _ _ _)) // mulr_sumr; apply: ler_sum => j _.
  by rewrite normrM mulrCA ler_wpmul2l.
rewrite diag; apply: (lt_le_trans _ (ler_add (lexx _) rest)).
by rewrite subr_gt0 ltr_pmul2l // ltr_pmul2l // divr_gt0.
Qed.

(* Behind the evidence "definite", which proves the premise by dominance after a congruence. *)
Theorem definite_P_matrix B : (forall x : 'cV_n, x != 0 -> 0 < (x^T *m B *m x) 0 0) -> P_matrix B.
Proof.
move=> def; apply: signs_P_matrix => x signs; apply/eqP/negPn/negP => /def.
rewrite -mulmxA mxE ltNge => /negP[]; rewrite -oppr_ge0 -sumrN; apply: sumr_ge0 => i _.
by rewrite oppr_ge0 [x^T _ _]mxE; apply: signs.
Qed.

End Converse.
